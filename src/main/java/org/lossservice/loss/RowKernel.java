package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * Computes rows and pieces of rows, block by block. A block's gradient is written when nothing can go wrong with it any more,
 * so that it may be written over the scores. For one thread.
 */
final class RowKernel {

    private static final double FAR = 0x1p900;

    private final Formula formula;
    private final FloatingTensor input;
    private final @Nullable FloatingTensor gradient;
    private final FloatingTensor losses;
    private final @Nullable RowSums rowSums;

    private final Block block;
    private final ExactRow exact;
    private final RowFactors[] rows;
    private final Total powers = new Total();
    private final Total slopes = new Total();
    private final Total loss = new Total();
    private final double[] scores;
    private final double halfMax;
    private boolean suspect;

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
        this.losses = losses;
        this.rowSums = rowSums;
        block = new Block(formula, input);
        exact = new ExactRow(formula);
        rows = new RowFactors[Math.clamp(Sums.LONGEST / formula.classes, 1, formula.rows)];
        Arrays.setAll(rows, i -> new RowFactors(formula));
        scores = new double[Math.min(Sums.LONGEST, formula.classes)];
        halfMax = Elements.max(input.dtype()) / 2;
    }

    /** Whether the gradient may hold a number too large for the dtype. */
    boolean isSuspect() {
        return suspect;
    }

    /** Computes whole rows; returns the sum of their losses before any division, where losses are reduced. */
    Scaled rows(int from, int to) {
        loss.clear();
        int step = rows.length;
        for (int row = from; row < to; row += step) {
            int count = Math.min(step, to - row);
            for (int r = 0; r < count; r++) {
                rows[r].set(row + r, labelScore(row + r));
            }
            if (formula.classes <= Sums.LONGEST) {
                shortRows(row, count);
            } else {
                longRow(row);
            }
        }
        return loss.toScaled();
    }

    private double labelScore(int row) {
        return input.get(row * formula.classes + formula.label(row));
    }

    private void shortRows(int first, int count) {
        int classes = formula.classes;
        block.compute(rows, count, input, first * classes, 0, classes);
        boolean allFast = true;
        for (int r = 0; r < count; r++) {
            boolean fast = addRun(rows[r], first + r, r * classes, 0, classes);
            rows[r].fast = fast;
            allFast &= fast;
            rows[r].labelGradient = finish(rows[r], first + r);
        }
        if (gradient != null) {
            if (allFast && formula.uniform) {
                block.store(0, count * classes, rows[0].slope, gradient, first * classes);
            }
            for (int r = 0; r < count; r++) {
                int start = (first + r) * classes;
                if (rows[r].fast && !(allFast && formula.uniform)) {
                    block.store(r * classes, classes, rows[r].slope, gradient, start);
                }
                Elements.store(rows[r].labelGradient, gradient, start + rows[r].label);
            }
        }
    }

    private void longRow(int row) {
        addPiece(row, 0, formula.classes);
        finishLong(row);
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
        loss.clear();
        rows[0].set(row, labelScore);
        powers.add(rowPowers);
        slopes.add(rowSlopes);
        finishLong(row);
        return loss.toScaled();
    }

    private void addPiece(int row, int from, int to) {
        int start = row * formula.classes;
        for (int column = from; column < to; column += Sums.LONGEST) {
            int length = Math.min(Sums.LONGEST, to - column);
            block.compute(rows, 1, input, start + column, column, length);
            if (addRun(rows[0], row, 0, column, length) && gradient != null) {
                block.store(0, length, rows[0].slope, gradient, start + column);
            }
        }
    }

    private void finishLong(int row) {
        double labelGradient = finish(rows[0], row);
        if (gradient != null) {
            Elements.store(labelGradient, gradient, row * formula.classes + rows[0].label);
        }
    }

    /**
     * Adds a run of the block, which begins at {@code at} there and at {@code column} in its row, to the row's sums.
     *
     * @return whether the block has the run's gradient; if not, it is written already
     */
    private boolean addRun(RowFactors factors, int row, int at, int column, int length) {
        if (block.addSums(factors, at, length, powers, gradient == null ? null : slopes)) {
            return true;
        }
        int from = row * formula.classes + column;
        Elements.load(input, from, scores, length);
        exact.start(factors.labelScore, factors.weight);
        exact.add(scores, length, factors.label - column, formula.slope(row, factors.weight));
        if (gradient != null) {
            Elements.store(scores, gradient, from, length);
        }
        powers.add(exact.powers);
        slopes.add(exact.slopes);
        return false;
    }

    /** Ends a row: its loss goes where losses go. Returns the gradient of the label's score. */
    private double finish(RowFactors factors, int row) {
        if (rowSums != null) {
            rowSums.set(row, powers.toScaled());
        }
        boolean plain = factors.certain && powers.isPlain() && slopes.isPlain();
        double labelGradient = plain ? finishPlain(factors, row) : finishExactly(factors, row);
        powers.clear();
        slopes.clear();
        // No other element of the row's gradient is larger than this one but by its rounding.
        suspect |= !(Math.abs(labelGradient) <= halfMax);
        return labelGradient;
    }

    private double finishPlain(RowFactors factors, int row) {
        double high = factors.scaleHigh * powers.high();
        boolean zero = factors.scaleHigh == 0 || powers.high() == 0;
        if (!zero && !(Math.abs(high) <= FAR && Math.abs(high) * FAR >= 1)) {
            return finishExactly(factors, row);
        }
        double low = Math.fma(factors.scaleHigh, powers.high(), -high)
                + (factors.scaleHigh * powers.low() + factors.scaleLow * powers.high());
        if (formula.reduction == Reduction.NONE) {
            double quotient = high / formula.classes;
            double remainder = Math.fma(-quotient, formula.classes, high) + low;
            Elements.store(quotient + remainder / formula.classes, losses, row);
        } else {
            loss.add(high, low);
        }
        return 0.0 - factors.slope * (slopes.high() + slopes.low());
    }

    private double finishExactly(RowFactors factors, int row) {
        Scaled rowLoss = formula.rowLoss(factors.weight, powers.toScaled());
        if (formula.reduction == Reduction.NONE) {
            Elements.store(rowLoss.divide(formula.classes).toDouble(), losses, row);
        } else {
            loss.add(rowLoss);
        }
        return formula.slope(row, factors.weight)
                .multiply(slopes.toScaled())
                .negate()
                .toDouble();
    }
}
