package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * Turns the sums of a row into its results: its loss, the gradient of its label's score, and the sum kept for the
 * gradient with respect to weight. For one thread.
 */
final class RowResults {

    private final Formula formula;
    private final FloatingTensor losses;
    private final @Nullable RowSums rowSums;
    private final double halfMax;
    private final Total loss = new Total();
    private boolean suspect;

    /** The parameters are those of {@link RowKernel}. */
    RowResults(Formula formula, FloatingTensor losses, @Nullable RowSums rowSums) {
        this.formula = formula;
        this.losses = losses;
        this.rowSums = rowSums;
        halfMax = losses.dtype().max() / 2;
    }

    /** Whether the gradient may hold a number too large for the dtype. */
    boolean isSuspect() {
        return suspect;
    }

    /** The sum of the losses of all rows since this was last called, before any division, where losses are reduced. */
    Scaled takeLoss() {
        Scaled sum = loss.toScaled();
        loss.clear();
        return sum;
    }

    /**
     * Ends a row whose sums are certain.
     *
     * @param powersHigh the sum of u^p, together with {@code powersLow}
     * @param slopesHigh the sum of u^(p-1), together with {@code slopesLow}
     * @return the gradient of the label's score
     */
    double finish(
            RowFactors factors, int row, double powersHigh, double powersLow, double slopesHigh, double slopesLow) {
        double high = factors.scaleHigh * powersHigh;
        boolean zero = factors.scaleHigh == 0 || powersHigh == 0;
        double labelGradient = factors.slope * slopesHigh;
        if ((!zero && !RowFactors.isInRange(high)) || !(Math.abs(labelGradient) <= Certificate.LARGEST_GRADIENT)) {
            return finish(
                    factors,
                    row,
                    new Scaled().setSum(powersHigh, powersLow),
                    new Scaled().setSum(slopesHigh, slopesLow));
        }
        double low = Math.fma(factors.scaleHigh, powersHigh, -high)
                + (factors.scaleHigh * powersLow + factors.scaleLow * powersHigh);
        if (formula.reduction == Reduction.NONE) {
            double quotient = high / formula.classes;
            double remainder = Math.fma(-quotient, formula.classes, high) + low;
            Elements.store(quotient + remainder / formula.classes, losses, row);
        } else {
            loss.add(high, low);
        }
        if (rowSums != null) {
            rowSums.set(row, new Scaled().setSum(powersHigh, powersLow));
        }
        if (labelGradient != 0) {
            double tail = factors.slope * slopesLow + factors.slopeLow * slopesHigh;
            labelGradient = Math.fma(factors.slope, slopesHigh, tail);
        }
        return checked(0.0 - labelGradient);
    }

    /** As the other, for sums that may be beyond the limits of double. */
    double finish(RowFactors factors, int row, Scaled powers, Scaled slopes) {
        if (rowSums != null) {
            rowSums.set(row, powers);
        }
        Scaled rowLoss = formula.rowLoss(factors.weight, factors.exactScale(), powers);
        if (formula.reduction == Reduction.NONE) {
            Elements.store(rowLoss.divide(formula.classes).toDouble(), losses, row);
        } else {
            loss.add(rowLoss);
        }
        return checked(slopes.multiply(factors.exactSlope()).negate().toDouble());
    }

    private double checked(double labelGradient) {
        // No other element of the row's gradient is larger than this one but by its rounding.
        suspect |= !(Math.abs(labelGradient) <= halfMax);
        return labelGradient;
    }
}
