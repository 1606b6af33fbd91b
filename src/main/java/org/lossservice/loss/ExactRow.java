package org.lossservice.loss;

/**
 * One row without limits: any finite numbers and any power, and NaN and infinities by the rules of IEEE 754. Slow; it
 * serves what the fast kernels do not certify.
 *
 * <p>With a + e = margin − x[label] and s + t = a + x[j] exactly (two-sums), z = s + (t + e): where s is small against a,
 * t is 0 (Sterbenz) and z is the exact number rounded; elsewhere e and t are below 2^-52·|s|, and so the sum is right to
 * 2^-100 of it. The sign of z is always exact, and z is zero only where it is that exactly.
 */
final class ExactRow {

    /** Above this a sum of three numbers may overflow; a quarter of each is then added instead. */
    private static final double LARGE = 0x1p1021;

    private final Formula formula;
    private final Scaled residual = new Scaled();
    private final Scaled power = new Scaled();
    private final Scaled product = new Scaled();

    private double labelScore;
    private double weight;
    private double side;
    private double base;
    private double baseError;

    /** The sum of u^p over the active elements seen since {@link #start}. */
    final Scaled powers = new Scaled();
    /** The sum of u^(p-1) over them. */
    final Scaled slopes = new Scaled();

    ExactRow(Formula formula) {
        this.formula = formula;
    }

    void start(double newLabelScore, double newWeight) {
        labelScore = newLabelScore;
        weight = newWeight;
        side = formula.side(newWeight);
        base = formula.margin - labelScore;
        baseError = twoSumError(formula.margin, -labelScore, base);
        powers.set(0);
        slopes.set(0);
    }

    /**
     * Adds a run of the row's scores, and turns them into the gradient.
     *
     * @param scores overwritten by {@code slope · u^(p-1)}
     * @param skipped the position of the label's own score, which is no term; -1 where it is not in this run
     */
    void add(double[] scores, int length, int skipped, Scaled slope) {
        for (int l = 0; l < length; l++) {
            if (l == skipped) {
                scores[l] = 0;
            } else {
                scores[l] = add(scores[l], slope);
            }
        }
    }

    private double add(double score, Scaled slope) {
        boolean active = residual(score);
        if (!active) {
            return product.set(slope).multiply(residual.set(0)).toDouble();
        }
        power.set(residual).raise(formula.p - 1);
        if (Double.isNaN(residual.high())) {
            power.set(Double.NaN);
        }
        slopes.add(power);
        powers.add(product.set(power).multiply(residual));
        return product.set(slope).multiply(power).toDouble();
    }

    /** Sets {@link #residual} to u and tells whether the element is active, a NaN being so. */
    private boolean residual(double score) {
        double sum = base + score;
        if (Math.abs(sum) < LARGE) {
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

    /** The sum is at least 2^1020 or not finite: what a division by 4 costs a subnormal number cannot be seen. */
    private void large(double score) {
        double quarter = formula.margin / 4 - labelScore / 4;
        double sum = quarter + score / 4;
        if (!Double.isFinite(sum)) {
            residual.set(sum);
            return;
        }
        double quarterError = twoSumError(formula.margin / 4, -labelScore / 4, quarter);
        residual.setSum(sum, twoSumError(quarter, score / 4, sum) + quarterError);
        residual.set(residual.high(), residual.low(), residual.exponent() + 2);
    }

    /** What rounding took from {@code sum = a + b}: exact (Knuth). */
    static double twoSumError(double a, double b, double sum) {
        double bPart = sum - a;
        return (a - (sum - bPart)) + (b - bPart);
    }
}
