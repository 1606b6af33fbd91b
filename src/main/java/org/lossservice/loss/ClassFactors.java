package org.lossservice.loss;

/**
 * What the rows of one class share. With z_j multiplied by {@code sign}, and S = Σ max(0, z_j)^p over the classes other than
 * the label's, a row's loss is A·S/C, its gradient with respect to an active score K·z_j^(p-1), and its gradient with
 * respect to the class's weight w is B·S. For {@link Convention#DOCUMENTED}, where max(0, w·z)^p = |w|^p · max(0, ±z)^p,
 *
 * <pre>
 *     A = |w|^p    K = p·sign·|w|^p / d    B = p·sign·|w|^(p-1) / d    sign = that of w
 * </pre>
 *
 * and otherwise A = w, K = p·w / d, B = 1 / d, sign = 1. Here d is C, or C·N where the reduction is mean.
 *
 * @param sign 0 where no term is active whatever the scores
 * @param loss A
 * @param gradient K
 * @param weight B
 */
record ClassFactors(double sign, Factor loss, Factor gradient, Factor weight) {

    /** Beyond it the roundings of a power's multiplications could be seen in a float32. */
    private static final int LARGEST_POWER = 1 << 20;

    /**
     * The factors of a class.
     *
     * @param w the weight of the class
     * @param divisor d
     */
    static ClassFactors of(MultiMarginLoss loss, double w, double divisor) {
        int p = loss.p();
        boolean inside = loss.convention() == Convention.DOCUMENTED;
        Scaled magnitude = new Scaled(Math.abs(w));
        Scaled lower = inside ? new Scaled().power(magnitude, p - 1, new Scaled()) : new Scaled(1.0);
        Scaled full = inside ? new Scaled().set(lower).multiply(magnitude) : new Scaled(w);
        double sign = inside ? Math.signum(w) : 1.0;
        double slope = p * sign;
        return new ClassFactors(
                sign,
                Factor.of(full),
                Factor.of(new Scaled().set(full).multiply(slope).divide(divisor)),
                Factor.of(lower.multiply(inside ? slope : 1.0).divide(divisor)));
    }

    /** Whether {@link FastRow} can be used on a row of the class, whose upstream gradient is given. */
    boolean areSafe(int p, double upstream) {
        return sign != 0 && p <= LARGEST_POWER && loss.safe() && weight.safe() && gradient.isSafeTimes(upstream);
    }
}
