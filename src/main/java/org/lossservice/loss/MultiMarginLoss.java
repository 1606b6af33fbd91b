package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * The multi-class margin loss of PaddlePaddle's {@code paddle.nn.MultiMarginLoss}, with its parameters.
 *
 * <p>With C classes and z = margin − x[label] + x[j], the loss of a row x is 1/C times the sum over all j ≠ label of a
 * term that {@link Convention} gives.
 *
 * @param p the power, at least 1
 * @param margin the margin, already rounded to the dtype of the batch; finite but for {@link NonFinite#PROPAGATE}
 * @param weight a weight for each class, shape [C], of the batch's dtype; null means that all are 1
 * @param reduction how the losses of the rows become the answer
 * @param convention which formula weights and kinks follow
 */
public record MultiMarginLoss(
        int p, double margin, @Nullable FloatingTensor weight, Reduction reduction, Convention convention) {

    /**
     * Checks the power.
     *
     * @throws IllegalArgumentException where p is less than 1
     */
    public MultiMarginLoss {
        if (p < 1) {
            throw new IllegalArgumentException("p is " + p);
        }
    }
}
