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

    private static final Scaled ZERO = new Scaled();
    private static final Scaled ONE = new Scaled().set(1);

    private final Formula formula;
    private final Scaled residual = new Scaled();
    private final Scaled power = new Scaled();
    private final Scaled product = new Scaled();
    /** The bases u of a run. */
    private final ScaledArray bases;
    /** Their powers. */
    private final ScaledArray raised;

    private double labelScore;
    private double weight;
    private double side;
    private double base;
    private double baseError;

    /** A run's scores, then its gradient. */
    final double[] scores;
    /** The sum of u^p over the active elements seen since {@link #start}. */
    final Scaled powers = new Scaled();
    /** The sum of u^(p-1) over them. */
    final Scaled slopes = new Scaled();

    /** @param longest the length of the longest run */
    ExactRow(Formula formula, int longest) {
        this.formula = formula;
        scores = new double[longest];
        bases = new ScaledArray(longest);
        raised = new ScaledArray(longest);
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
     * Adds a run of the row, the front of {@link #scores}, which it overwrites with {@code slope · u^(p-1)}.
     *
     * @param skipped the position of the label's own score, which is no term; -1 where it is not in this run
     */
    void add(int length, int skipped, Scaled slope) {
        boolean allFinite = true;
        for (int l = 0; l < length; l++) {
            boolean active = l != skipped && residual(scores[l]);
            boolean finite = Double.isFinite(residual.high());
            allFinite &= finite || !active;
            bases.set(l, active && finite ? residual : ZERO);
            if (formula.p == 1) {
                raised.set(l, active && finite ? ONE : ZERO);
            }
        }
        if (formula.p > 1) {
            raised.setPower(bases, length, formula.p - 1);
        }
        raised.addTo(slopes, length);
        for (int l = 0; l < length; l++) {
            if (allFinite || l == skipped || !residual(scores[l]) || Double.isFinite(residual.high())) {
                raised.get(l, power);
            } else {
                addNonFinite();
            }
            scores[l] = l == skipped ? 0 : product.set(slope).multiply(power).toDouble();
        }
        raised.multiply(bases, length);
        raised.addTo(powers, length);
    }

    /** Adds the current residual, and leaves its power. */
    private void addNonFinite() {
        power.set(residual).raise(formula.p - 1);
        if (Double.isNaN(residual.high())) {
            power.set(Double.NaN);
        }
        slopes.add(power);
        powers.add(product.set(power).multiply(residual));
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
