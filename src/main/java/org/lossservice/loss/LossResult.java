package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * A loss and the gradients that were asked for, all of the batch's dtype.
 *
 * @param loss shape [] where the reduction is mean or sum, [N] where it is none
 * @param gradient the gradient with respect to input, shape [N, C]; null where it was not asked for
 * @param weightGradient the gradient with respect to weight, shape [C]; null where it was not asked for
 */
public record LossResult(
        FloatingTensor loss,
        @Nullable FloatingTensor gradient,
        @Nullable FloatingTensor weightGradient) {}
