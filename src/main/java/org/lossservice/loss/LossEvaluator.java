package org.lossservice.loss;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.FloatingTensor;

/**
 * Evaluates losses. The rows of a large batch are split over a bounded pool of threads of its own, unless other evaluations
 * keep the processors busy already. Thread-safe.
 */
public final class LossEvaluator implements AutoCloseable {

    /** Elements below which handing work to other threads costs more than it saves; measured. */
    private static final int SPLIT = 1 << 16;

    /** About as many elements does a block have: enough to outweigh its start, few enough to share evenly. */
    private static final int BLOCK = 1 << 14;

    private final int threads;
    private final ForkJoinPool pool;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * An evaluator that computes on at most {@code threads} threads.
     *
     * @throws IllegalArgumentException where {@code threads} is less than 1
     */
    public LossEvaluator(int threads) {
        this.threads = threads;
        this.pool = new ForkJoinPool(threads);
    }

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
        MultiMarginKernel kernel = new MultiMarginKernel(loss, batch, gradient, nonFinite, checkpoint);
        int rows = batch.input().shape().dimension(0);
        int elements = batch.input().shape().elements();
        boolean alone = running.incrementAndGet() == 1;
        try {
            if (alone && threads > 1 && rows > 1 && elements >= SPLIT) {
                split(kernel, rows, Math.max(1, BLOCK / (elements / rows)));
            } else {
                kernel.rows(0, rows);
            }
        } finally {
            running.decrementAndGet();
        }
        return kernel.finish(weightGradient);
    }

    private void split(MultiMarginKernel kernel, int rows, int rowsOfBlock) {
        int blocks = Math.ceilDiv(rows, rowsOfBlock);
        try {
            // a parallel stream started within a pool keeps to that pool
            pool.submit(() -> IntStream.range(0, blocks)
                            .parallel()
                            .forEach(block ->
                                    kernel.rows(block * rowsOfBlock, Math.min(rows, (block + 1) * rowsOfBlock))))
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Stops the pool's threads. */
    @Override
    public void close() {
        pool.close();
    }
}
