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
        block.compute(rows, count, input, first * classes, 0, classes, gradient != null);
        for (int r = 0; r < count; r++) {
            addRun(rows[r], first + r, r * classes, 0, classes);
            double labelGradient = finish(rows[r], first + r);
            block.gradient()[r * classes + rows[r].label] = labelGradient;
        }
        if (gradient != null) {
            Elements.store(block.gradient(), gradient, first * classes, count * classes);
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
            block.compute(rows, 1, input, start + column, column, length, gradient != null);
            addRun(rows[0], row, 0, column, length);
            if (gradient != null) {
                Elements.store(block.gradient(), gradient, start + column, length);
            }
        }
    }

    private void finishLong(int row) {
        double labelGradient = finish(rows[0], row);
        if (gradient != null) {
            Elements.store(labelGradient, gradient, row * formula.classes + rows[0].label);
        }
    }

    /** Adds a run of the block, which begins at {@code at} there and at {@code column} in its row, to the row's sums. */
    private void addRun(RowFactors factors, int row, int at, int column, int length) {
        if (block.addSums(factors, at, length, powers, gradient == null ? null : slopes)) {
            return;
        }
        Elements.load(input, row * formula.classes + column, scores, length);
        exact.start(factors.labelScore, factors.weight);
        exact.add(scores, length, factors.label - column, formula.slope(row, factors.weight));
        System.arraycopy(scores, 0, block.gradient(), at, length);
        powers.add(exact.powers);
        slopes.add(exact.slopes);
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
