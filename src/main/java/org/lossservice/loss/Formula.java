package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * What the rows of one evaluation have in common, and the factors in which they differ.
 *
 * <p>With z = margin − x[label] + x[j], a side s and u = s·z where that is positive, else 0, every convention has the shape
 *
 * <pre>
 *   loss of a row        scale · Σ u^p                  / C
 *   d loss / d x[j]      slope · u^(p-1)                / C    where j is active; minus their sum at j = label
 *   d loss / d weight    weightSlope · Σ u^p            / C
 *
 *                 s         scale     slope             weightSlope
 *   documented    sign(w)   |w|^p     s · p · |w|^p     s · p · |w|^(p-1)
 *   others        1         w         p · w             1
 * </pre>
 *
 * so that w·z is never formed: it may underflow, and its sign decides.
 */
final class Formula {

    private final MultiMarginLoss loss;
    private final @Nullable FloatingTensor gradOutput;
    private final int[] labels;

    /** The number of classes, C. */
    final int classes;
    /** The number of rows, N. */
    final int rows;

    final int p;
    final double margin;
    final boolean documented;
    /** Whether a term at z = 0 is active, which can be seen for p = 1 alone. */
    final boolean activeAtKink;
    /** Whether all rows have the same factors. */
    final boolean uniform;

    final Reduction reduction;
    /** What gradients are divided by: C, times N where the reduction is the mean. */
    final double divisor;

    Formula(MultiMarginLoss loss, Batch batch) {
        this.loss = loss;
        this.reduction = loss.reduction();
        this.gradOutput = batch.gradOutput();
        this.labels = batch.label().array();
        this.rows = batch.input().shape().dimension(0);
        this.classes = batch.input().shape().dimension(1);
        this.p = loss.p();
        // Without a -0.0 no z is one.
        this.margin = loss.margin() + 0.0;
        this.documented = loss.convention() == Convention.DOCUMENTED;
        this.activeAtKink = loss.convention() == Convention.PADDLE && loss.p() == 1;
        this.uniform = loss.weight() == null && (gradOutput == null || reduction != Reduction.NONE);
        this.divisor = reduction == Reduction.MEAN ? (double) classes * rows : classes;
    }

    int label(int row) {
        return labels[row];
    }

    /** The weight of a class. */
    double weight(int label) {
        FloatingTensor weight = loss.weight();
        return weight == null ? 1 : weight.get(label);
    }

    /** The upstream gradient of a row. */
    double upstream(int row) {
        FloatingTensor upstream = gradOutput;
        if (upstream == null) {
            return 1;
        }
        return upstream.get(reduction == Reduction.NONE ? row : 0);
    }

    /** The side of z = 0 on which terms of a row are active: 1, -1, 0 for neither; NaN where the weight is that. */
    double side(double weight) {
        return documented ? Math.signum(weight) : 1;
    }

    /** What the sum of a row's powers is multiplied by for its loss, before the division by C. */
    Scaled scale(double weight) {
        Scaled scale = new Scaled();
        if (!documented || weight == 1) {
            return scale.set(weight);
        }
        return scale.set(Math.abs(weight)).raise(p);
    }

    /** The loss of a row before the division by C; {@code powers} is the sum of its u^p. */
    Scaled rowLoss(double weight, Scaled scale, Scaled powers) {
        // No term is active: the sum of zeros is 0 whatever the weight, but for NaN.
        boolean inactive = documented && powers.isZero() && Double.isInfinite(weight);
        return inactive ? new Scaled() : new Scaled().set(scale).multiply(powers);
    }

    /** What u^(p-1) is multiplied by for the gradient, upstream gradient and division by C and N included. */
    Scaled slope(int row, double weight, Scaled scale) {
        Scaled slope = new Scaled().set(scale).multiply(new Scaled().set(p));
        if (documented) {
            slope.multiply(new Scaled().set(Math.signum(weight)));
        }
        return slope.multiply(new Scaled().set(upstream(row))).divide(divisor);
    }

    /** What the sum of a class's powers, each times its upstream gradient, is multiplied by for the weight gradient. */
    Scaled weightSlope(double weight) {
        Scaled slope = new Scaled().set(1);
        if (documented) {
            slope.set(Math.abs(weight)).raise(p - 1).multiply(new Scaled().set(p * Math.signum(weight)));
        }
        return slope.divide(divisor);
    }
}
