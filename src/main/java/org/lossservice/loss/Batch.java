package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;

/**
 * What a loss is evaluated on.
 *
 * @param input the scores, shape [N, C], N and C at least 1
 * @param label the class of each row, shape [N]
 * @param gradOutput the gradient of what follows with respect to the loss, of input's dtype: one element where the
 *     reduction is mean or sum, N where it is none; null means ones
 */
public record Batch(
        FloatingTensor input, Labels label, @Nullable FloatingTensor gradOutput) {

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException where input is not [N, C] with N and C at least 1, or label is not N labels of C classes
     */
    public Batch {
        if (input.shape().rank() != 2
                || input.shape().elements() == 0
                || label.length() != input.shape().dimension(0)
                || label.classes() != input.shape().dimension(1)) {
            throw new IllegalArgumentException(
                    "input " + input.shape() + ", " + label.length() + " labels of " + label.classes() + " classes");
        }
    }
}
