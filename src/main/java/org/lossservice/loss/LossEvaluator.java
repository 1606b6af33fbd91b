package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** Evaluates losses, splitting the rows of large batches over a bounded pool of threads of its own. Thread-safe. */
public final class LossEvaluator implements AutoCloseable {

    /**
     * An evaluator that computes on at most {@code threads} threads.
     *
     * @throws IllegalArgumentException where {@code threads} is less than 1
     */
    public LossEvaluator(int threads) {}

    /**
     * Computes the loss of a batch and the gradients that are wanted.
     *
     * @param gradient where to write the gradient with respect to input, [N, C] of input's dtype; may be the batch's input
     *     itself, whose scores are then overwritten; null where it is not wanted
     * @param weightGradient whether the gradient with respect to weight is wanted
     * @param checkpoint called between blocks of elements on the threads that compute; what it throws ends the evaluation
     * @throws FaultException {@code RESULT_OVERFLOW} naming {@code loss}, {@code gradient} or {@code weight_gradient} and
     *     the element, where a result is too large for the dtype and {@code nonFinite} is {@link NonFinite#ERROR}
     */
    public LossResult evaluate(
            MultiMarginLoss loss,
            Batch batch,
            @Nullable FloatingTensor gradient,
            boolean weightGradient,
            NonFinite nonFinite,
            Runnable checkpoint) {
        return new LossResult(FloatingTensor.zeros(batch.input().dtype(), Shape.scalar()), gradient, null);
    }

    /** Stops the pool's threads. */
    @Override
    public void close() {}
}
