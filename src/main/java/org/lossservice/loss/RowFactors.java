package org.lossservice.loss;

import org.jspecify.annotations.Nullable;

/**
 * The numbers in which one row differs from another, in double, which is fast; and whether they can be relied on.
 *
 * <p>Relative errors: slope and scale with their low parts p · 2^-100, the slope alone 2^-53 (1 + 2^-40).
 */
final class RowFactors {

    /** Products of five numbers between this and its inverse, with their low parts, neither overflow nor underflow. */
    private static final double MODERATE = 0x1p150;

    /** A factor between this and its inverse is far from the limits of double. */
    private static final double FAR = 0x1p900;

    private final Formula formula;
    private final Scales scales;
    /** p / divisor, with {@link #unitLow}. */
    private final double unitHigh;

    private final double unitLow;
    private int row = -1;
    /** The scale without the limits of double, made when it is first asked for. */
    private @Nullable Scaled exactScale;

    /** The slope without the limits of double, made when it is first asked for. */
    private @Nullable Scaled exactSlope;

    int label;
    double labelScore;
    double weight;

    /** {@code margin - labelScore}, rounded. */
    double base;
    /** What rounding took from {@link #base}; NaN where that overflows on its way. */
    double baseError;

    /** As {@link Formula#side}. */
    double side;
    /** What the sum of powers is multiplied by, with {@link #scaleLow}. */
    double scaleHigh;

    double scaleLow;
    /** What u^(p-1) is multiplied by for the gradient, with {@link #slopeLow}. */
    double slope;

    double slopeLow;
    /** Whether side, scale and slope are right; if not, the row is computed by {@link ExactRow}. */
    boolean certain;

    /** Whether the row's gradient is still to be written from its block. */
    boolean fast;

    /** The gradient of the label's score, once the row is finished. */
    double labelGradient;

    RowFactors(Formula formula, Scales scales) {
        this.formula = formula;
        this.scales = scales;
        unitHigh = formula.p / formula.divisor;
        unitLow = Math.fma(-unitHigh, formula.divisor, formula.p) / formula.divisor;
    }

    /** Turns to another row; where all rows are alike, their common factors are computed once. */
    void set(int newRow, double newLabelScore) {
        label = formula.label(newRow);
        labelScore = newLabelScore;
        base = formula.margin - labelScore;
        baseError = ExactRow.twoSumError(formula.margin, -labelScore, base);
        if (row < 0 || !formula.uniform) {
            row = newRow;
            setFactors();
        }
    }

    /** Makes side · z of scores, exact to 2^-53 of itself and of the exact sign. */
    void shift(double[] scores, int from, int to) {
        if (baseError == 0) {
            Loops.shift(scores, from, to, base);
        } else {
            Loops.shiftExactly(scores, from, to, base, baseError);
        }
        if (side != 1) {
            Loops.multiply(scores, from, to, side);
        }
    }

    /**
     * Whether no z other than 0 is below 2^-114. A z is at least a last bit of base; or scores cancel base, and it is
     * baseError: neither may be too small.
     */
    boolean neverTiny() {
        return Math.abs(base) >= 0x1p-60 && (baseError == 0 || Math.abs(baseError) >= 0x1p-114);
    }

    /** A guess at the size of u. */
    double size() {
        return Math.abs(formula.margin) + Math.abs(labelScore);
    }

    /** As {@link Formula#scale}; not to be changed. */
    Scaled exactScale() {
        if (exactScale == null) {
            exactScale = scales.of(label);
        }
        return exactScale;
    }

    /** As {@link Formula#slope}; not to be changed. */
    Scaled exactSlope() {
        if (exactSlope == null) {
            exactSlope = formula.slope(row, weight, exactScale());
        }
        return exactSlope;
    }

    private void setFactors() {
        exactScale = null;
        exactSlope = null;
        weight = formula.weight(label);
        double upstream = formula.upstream(row);
        side = formula.side(weight);
        if (isModerate(weight) && isModerate(upstream) && (formula.p <= 2 || !formula.documented || weight == 1)) {
            setModerate(upstream);
        } else {
            setAny(upstream);
        }
    }

    private void setModerate(double upstream) {
        scaleHigh = weight;
        scaleLow = 0;
        if (formula.documented) {
            scaleHigh = Math.abs(weight);
            if (formula.p == 2) {
                scaleHigh = weight * weight;
                scaleLow = Math.fma(weight, weight, -scaleHigh);
            }
        }
        double factor = upstream * side;
        double product = factor * scaleHigh;
        double productLow = Math.fma(factor, scaleHigh, -product) + factor * scaleLow;
        double high = product * unitHigh;
        double low = Math.fma(product, unitHigh, -high) + Math.fma(product, unitLow, productLow * unitHigh);
        slope = high + low;
        slopeLow = low - (slope - high);
        certain = true;
    }

    private void setAny(double upstream) {
        scaleHigh = exactScale().toDouble();
        scaleLow = exactScale().toLow();
        slope = exactSlope().toDouble();
        slopeLow = exactSlope().toLow();
        boolean zeroSlope = slope == 0 && (weight == 0 || upstream == 0);
        certain = (zeroSlope || isInRange(slope)) && (weight == 0 || isInRange(scaleHigh));
    }

    /** Whether a number is far from the limits of double. */
    static boolean isInRange(double value) {
        return isWithin(value, FAR);
    }

    private static boolean isModerate(double value) {
        return value == 0 || isWithin(value, MODERATE);
    }

    private static boolean isWithin(double value, double limit) {
        double magnitude = Math.abs(value);
        return magnitude <= limit && magnitude * limit >= 1;
    }
}
