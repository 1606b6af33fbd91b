package org.lossservice.loss;

import org.lossservice.tensor.DType;

/**
 * Rows without limits: any finite numbers and any power, and NaN and infinities by the rules of IEEE 754. Slow; it
 * serves what the fast kernels do not certify.
 *
 * <p>With a + e = margin − x[label] and s + t = a + x[j] exactly (two-sums), z = s + (t + e): where s is small against a,
 * t is 0 (Sterbenz) and z is the exact number rounded; elsewhere e and t are below 2^-52·|s|, and so the sum is right to
 * 2^-100 of it. The sign of z is always exact, and z is zero only where it is that exactly.
 */
final class ExactRow {

    /** Above this a sum of three numbers may overflow; an eighth of each is then added instead. */
    private static final double LARGE = 0x1p1021;

    /** In so many digits of a power float32 has room for rounding: that ends up as an eighth of its last bit. */
    private static final int ROUNDED_DIGITS = 3 * ScaledArray.SQUARINGS;

    private static final long LARGEST_SUBNORMAL = 0x000f_ffff_ffff_ffffL;

    private static final Scaled ZERO = new Scaled();
    private static final Scaled ONE = new Scaled().set(1);

    private final Formula formula;
    private final int roundedDigits;
    private final Scaled residual = new Scaled();
    private final Scaled power = new Scaled();
    /** The bases u, finite ones alone, then u^p. */
    private final ScaledArray bases;
    /** u^(p-1). */
    private final ScaledArray raised;

    /** side · z, rounded; once loaded, infinite or NaN only where the element is active and its base is that. */
    private final double[] z;

    /** Whether no active base has been infinite or NaN so far: most often none ever is. */
    private boolean allFinite = true;

    private double labelScore;
    private double weight;
    private Scaled slope = ZERO;
    private double side;
    private double base;
    private double baseError;

    /** The scores of one run or more, then their gradient. */
    final double[] scores;
    /** The sum of u^p over the active elements of the run summed last. */
    final Scaled powers = new Scaled();
    /** The sum of u^(p-1) over them. */
    final Scaled slopes = new Scaled();

    /**
     * @param dtype what results are rounded to in the end
     * @param longest how many scores there may be at once
     */
    ExactRow(Formula formula, DType dtype, int longest) {
        this.formula = formula;
        roundedDigits = dtype == DType.FLOAT32 ? ROUNDED_DIGITS : 0;
        scores = new double[longest];
        z = new double[longest];
        bases = new ScaledArray(longest);
        raised = new ScaledArray(longest);
    }

    /** Turns to a row. */
    void start(RowFactors row) {
        labelScore = row.labelScore;
        weight = row.weight;
        slope = row.exactSlope();
        side = formula.side(weight);
        base = row.base;
        baseError = row.baseError;
    }

    /**
     * Takes in a run of the row, {@link #scores} from {@code from} to {@code to}.
     *
     * @param skipped the position of the label's own score, which is no term
     */
    void load(int from, int to, int skipped) {
        bases.setHinge(scores, from, to, base, baseError, side, z);
        if (formula.p == 1) {
            raised.setActive(z, from, to, formula.activeAtKink);
        }
        boolean any = Double.isInfinite(weight);
        for (int l = from; l < to; l++) {
            if (any || !isOrdinary(bases.high(l))) {
                loadAny(l);
            }
        }
        if (skipped >= from && skipped < to) {
            z[skipped] = 0;
            set(skipped, ZERO, false);
        }
        bases.normalise(from, to, 0);
    }

    private static boolean isOrdinary(double base) {
        // 0 is ordinary, too: its bits less one are the largest unsigned number.
        return base < LARGE && Long.compareUnsigned(Double.doubleToRawLongBits(base) - 1, LARGEST_SUBNORMAL) >= 0;
    }

    private void loadAny(int index) {
        boolean active = residual(scores[index]);
        boolean finite = Double.isFinite(residual.high());
        allFinite &= finite || !active;
        z[index] = active ? residual.high() : 0;
        set(index, active && finite ? residual : ZERO, active && finite);
    }

    private void set(int index, Scaled base, boolean active) {
        bases.set(index, base);
        if (formula.p == 1) {
            raised.set(index, active ? ONE : ZERO);
        }
    }

    /**
     * Computes the powers of all runs, which lie among the first {@code length} elements; what lies between them does
     * not matter.
     */
    void raise(int length) {
        if (formula.p > 1) {
            raised.setPower(bases, length, formula.p - 1, roundedDigits);
            bases.multiply(raised, length);
        }
    }

    /**
     * Sums a run of the row that was {@link #start started}, and overwrites its scores with {@code slope · u^(p-1)}, the
     * label's own with a 0 or a NaN.
     */
    void sum(int from, int to) {
        powers.set(0);
        slopes.set(0);
        raised.addTo(slopes, from, to);
        bases.addTo(powers, from, to);
        if (!allFinite) {
            addNonFinite(from, to);
        }
        raised.multiplyTo(scores, from, to, slope);
    }

    /** Adds what is infinite or NaN, in {@link #z}, to the sums. */
    private void addNonFinite(int from, int to) {
        for (int l = from; l < to; l++) {
            if (!Double.isFinite(z[l])) {
                // u^0 is 1, any other power u itself; of NaN everything is NaN.
                power.set(formula.p == 1 && !Double.isNaN(z[l]) ? 1 : z[l]);
                raised.set(l, power);
                slopes.add(power);
                powers.add(power.set(z[l]));
            }
        }
    }

    /** Sets {@link #residual} to u and tells whether the element is active, a NaN being so. */
    private boolean residual(double score) {
        double sum = base + score;
        // The error of a base next to the largest number may overflow on its way.
        if (Math.abs(sum) < LARGE && !Double.isNaN(baseError)) {
            double error = twoSumError(base, score, sum);
            residual.setSum(sum, error + baseError);
        } else {
            large(score);
        }
        double z = residual.high();
        if (side == 0 || (formula.documented && Double.isInfinite(weight) && z == 0)) {
            // 0 · infinity is NaN; whatever else is multiplied by 0 is not active.
            residual.set(weight * z);
            return Double.isNaN(residual.high());
        }
        if (side < 0) {
            residual.negate();
        } else if (Double.isNaN(side)) {
            residual.set(Double.NaN);
        }
        z = residual.high();
        return !(z < 0) && (z != 0 || formula.activeAtKink);
    }

    /**
     * Sets {@link #residual} where the sum or base is at least 2^1020, or not finite. Beside that, what subnormal
     * numbers lose when divided by 8 makes no difference.
     */
    private void large(double score) {
        double eighth = formula.margin / 8 - labelScore / 8;
        double sum = eighth + score / 8;
        if (!Double.isFinite(sum)) {
            residual.set(sum);
            return;
        }
        double eighthError = twoSumError(formula.margin / 8, -labelScore / 8, eighth);
        residual.setSum(sum, twoSumError(eighth, score / 8, sum) + eighthError);
        residual.set(residual.high(), residual.low(), residual.exponent() + 3);
    }

    /** What rounding took from {@code sum = a + b}: exact (Knuth). */
    static double twoSumError(double a, double b, double sum) {
        double bPart = sum - a;
        return (a - (sum - bPart)) + (b - bPart);
    }
}
