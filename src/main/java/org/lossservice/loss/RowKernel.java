package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * Computes rows and pieces of rows, block by block. A block's gradient is written when nothing can go wrong with it any more,
 * so that it may be written over the scores. For one thread.
 */
final class RowKernel {

    /** How many long rows' label scores are fetched together. */
    private static final int ROWS = 32;

    private final Formula formula;
    private final FloatingTensor input;
    private final @Nullable FloatingTensor gradient;
    private final RowResults results;

    private final Block block;
    private final double[] labelScores;
    private final RowFactors[] rows;
    private final Total powers = new Total();
    private final Total slopes = new Total();
    /** What the slow path needs, made when it is first taken: most evaluations never do. */
    private @Nullable ExactRow exact;

    /**
     * @param losses where to write the losses of rows, where the reduction is none
     * @param rowSums where to keep the sums of powers of the rows, if they are wanted
     */
    RowKernel(
            Formula formula,
            FloatingTensor input,
            @Nullable FloatingTensor gradient,
            FloatingTensor losses,
            @Nullable RowSums rowSums) {
        this.formula = formula;
        this.input = input;
        this.gradient = gradient;
        results = new RowResults(formula, losses, rowSums);
        block = new Block(formula, input, gradient != null);
        boolean several = formula.classes <= Block.SHORT;
        labelScores = new double[Math.min(several ? Block.LENGTH / formula.classes : ROWS, formula.rows)];
        rows = new RowFactors[several ? labelScores.length : 1];
        Scales scales = new Scales(formula);
        Arrays.setAll(rows, i -> new RowFactors(formula, scales));
    }

    /** Whether the gradient may hold a number too large for the dtype. */
    boolean isSuspect() {
        return results.isSuspect();
    }

    /** Computes whole rows; returns the sum of their losses before any division, where losses are reduced. */
    Scaled rows(int from, int to) {
        for (int row = from; row < to; row += labelScores.length) {
            int count = Math.min(labelScores.length, to - row);
            // All at once, because each is likely to wait for memory.
            for (int r = 0; r < count; r++) {
                labelScores[r] = input.get((row + r) * formula.classes + formula.label(row + r));
            }
            if (formula.classes <= Block.SHORT) {
                shortRows(row, count);
            } else {
                longRows(row, count);
            }
        }
        return results.takeLoss();
    }

    private void shortRows(int first, int count) {
        int classes = formula.classes;
        for (int r = 0; r < count; r++) {
            rows[r].set(first + r, labelScores[r]);
        }
        block.compute(rows, count, input, first * classes);
        RunSums sums = block.sums;
        boolean allFast = true;
        for (int r = 0; r < count; r++) {
            int at = r * classes;
            boolean fast = block.sumShort(rows[r], at, at + classes);
            rows[r].fast = fast;
            allFast &= fast;
            if (fast) {
                rows[r].labelGradient = results.finish(
                        rows[r], first + r, sums.powersHigh, sums.powersLow, sums.slopesHigh, sums.slopesLow);
            }
        }
        if (!allFast) {
            computeExactly(first, count);
        }
        if (gradient != null) {
            storeShort(gradient, first, count, allFast && formula.uniform);
        }
    }

    private void storeShort(FloatingTensor to, int first, int count, boolean together) {
        int classes = formula.classes;
        if (together) {
            block.store(0, count * classes, rows[0].slope, to, first * classes);
        }
        for (int r = 0; r < count; r++) {
            int start = (first + r) * classes;
            if (!together && rows[r].fast) {
                block.store(r * classes, classes, rows[r].slope, to, start);
            }
            Elements.store(rows[r].labelGradient, to, start + rows[r].label);
        }
    }

    private void longRows(int first, int count) {
        for (int r = 0; r < count; r++) {
            rows[0].set(first + r, labelScores[r]);
            addPiece(first + r, 0, formula.classes);
            finishLong(first + r);
        }
    }

    /** Computes a piece of a row but for the label's gradient; adds its sums to two numbers. */
    void piece(int row, double labelScore, int from, int to, Scaled sumOfPowers, Scaled sumOfSlopes) {
        rows[0].set(row, labelScore);
        addPiece(row, from, to);
        sumOfPowers.add(powers.toScaled());
        sumOfSlopes.add(slopes.toScaled());
        powers.clear();
        slopes.clear();
    }

    /** Ends a row that was computed in pieces, given its sums; returns its loss before any division. */
    Scaled finishPieces(int row, double labelScore, Scaled rowPowers, Scaled rowSlopes) {
        rows[0].set(row, labelScore);
        powers.add(rowPowers);
        slopes.add(rowSlopes);
        finishLong(row);
        return results.takeLoss();
    }

    private void addPiece(int row, int from, int to) {
        RunSums sums = block.sums;
        int start = row * formula.classes;
        for (int column = from; column < to; column += Block.LENGTH) {
            int length = Math.min(Block.LENGTH, to - column);
            block.compute(rows[0], input, start + column, column, length);
            if (block.sum(rows[0], length)) {
                powers.add(sums.powersHigh, sums.powersLow);
                if (gradient != null) {
                    slopes.add(sums.slopesHigh, sums.slopesLow);
                    block.store(0, length, rows[0].slope, gradient, start + column);
                }
            } else {
                addExactly(rows[0], row, column, length);
            }
        }
    }

    private void finishLong(int row) {
        // What is not certain has been added to both as it is in ExactRow.
        double labelGradient = powers.isPlain()
                ? results.finish(rows[0], row, powers.high(), powers.low(), slopes.high(), slopes.low())
                : results.finish(rows[0], row, powers.toScaled(), slopes.toScaled());
        powers.clear();
        slopes.clear();
        if (gradient != null) {
            Elements.store(labelGradient, gradient, row * formula.classes + rows[0].label);
        }
    }

    /** Computes those of some short rows that are not certain, all at once. */
    private void computeExactly(int first, int count) {
        int classes = formula.classes;
        ExactRow all = exact();
        Elements.load(input, first * classes, all.scores, count * classes);
        for (int r = 0; r < count; r++) {
            int at = r * classes;
            if (!rows[r].fast) {
                all.start(rows[r]);
                all.load(at, at + classes, at + rows[r].label);
            }
        }
        all.raise(count * classes);
        for (int r = 0; r < count; r++) {
            if (!rows[r].fast) {
                all.start(rows[r]);
                addExactly(all, r * classes, classes, (first + r) * classes);
                rows[r].labelGradient = results.finish(rows[r], first + r, powers.toScaled(), slopes.toScaled());
                powers.clear();
                slopes.clear();
            }
        }
    }

    /** Adds a run of a row, which begins at {@code column}, to the row's sums, and writes its gradient. */
    private void addExactly(RowFactors factors, int row, int column, int length) {
        int from = row * formula.classes + column;
        int label = factors.label - column;
        ExactRow run = exact();
        Elements.load(input, from, run.scores, length);
        run.start(factors);
        run.load(0, length, label);
        run.raise(length);
        addExactly(run, 0, length, from);
    }

    /** Adds a run that was raised to its row's sums, and writes its gradient to {@code to} and on. */
    private void addExactly(ExactRow run, int from, int length, int to) {
        run.sum(from, from + length);
        if (gradient != null) {
            Elements.store(run.scores, from, gradient, to, length);
        }
        powers.add(run.powers);
        slopes.add(run.slopes);
    }

    private ExactRow exact() {
        if (exact == null) {
            exact = new ExactRow(formula, input.dtype(), Math.min(Block.LENGTH, rows.length * formula.classes));
        }
        return exact;
    }
}
