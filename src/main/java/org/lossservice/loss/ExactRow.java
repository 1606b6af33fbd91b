package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * A row of finite numbers in {@link Scaled} arithmetic: right whatever the numbers are, and slow. Signs, and so whether a
 * term is active, are exact; nothing overflows or underflows on the way.
 *
 * <p>Not thread-safe.
 */
final class ExactRow {

    private final MultiMarginLoss loss;
    private final FloatingTensor input;
    private final int classes;
    private final Runnable checkpoint;

    /** S of the last row. */
    final Scaled sum = new Scaled();

    private final Scaled powerSum = new Scaled();
    private final Scaled z = new Scaled();
    private final Scaled power = new Scaled();
    private final Scaled scratch = new Scaled();

    ExactRow(MultiMarginLoss loss, FloatingTensor input, Runnable checkpoint) {
        this.loss = loss;
        this.input = input;
        this.checkpoint = checkpoint;
        classes = input.shape().dimension(1);
    }

    /**
     * Sums a row's powers and writes its gradient.
     *
     * @param sign by which z is multiplied; 0 where no term is active
     * @param factor K, by which the powers are multiplied
     * @param gradient where to write; null where it is not wanted
     */
    void evaluate(int row, int label, double sign, Scaled factor, @Nullable FloatingTensor gradient) {
        int start = row * classes;
        double score = input.get(start + label);
        sum.set(0.0);
        powerSum.set(0.0);
        for (int j = 0; j < classes; j++) {
            if (j % FastRow.CHUNK == 0) {
                checkpoint.run();
            }
            double slope = 0.0;
            if (j != label && sign != 0 && isActive(score, input.get(start + j), sign)) {
                power.power(z, loss.p() - 1, scratch);
                powerSum.add(power);
                sum.add(z.multiply(power));
                slope = power.multiply(factor).toDouble();
            }
            if (gradient != null && j != label) {
                gradient.set(start + j, slope);
            }
        }
        if (gradient != null) {
            gradient.set(start + label, powerSum.multiply(factor).negate().toDouble());
        }
    }

    /** Computes z, and tells whether its term has a slope. */
    private boolean isActive(double labelScore, double score, double sign) {
        z.sum(sign * loss.margin(), -sign * labelScore, sign * score);
        return z.signum() > 0 || (z.signum() == 0 && loss.p() == 1 && loss.convention() == Convention.PADDLE);
    }
}
