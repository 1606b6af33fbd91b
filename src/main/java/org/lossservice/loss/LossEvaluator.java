package org.lossservice.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/**
 * Evaluates losses, splitting large batches over a bounded pool of threads of its own. The answer is the same to the bit for
 * every number of threads. Thread-safe.
 */
public final class LossEvaluator implements AutoCloseable {

    /** Below this number of elements waking another thread costs more than it saves (measured). */
    private static final int SPLIT_FROM = 1 << 17;

    private final int threads;
    private final int splitFrom;
    private final @Nullable ForkJoinPool pool;

    /**
     * An evaluator that computes each batch on at most {@code threads} threads, of which the caller's is one.
     *
     * @throws IllegalArgumentException where {@code threads} is less than 1
     */
    public LossEvaluator(int threads) {
        this(threads, SPLIT_FROM);
    }

    LossEvaluator(int threads, int splitFrom) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads);
        }
        this.threads = threads;
        this.splitFrom = splitFrom;
        this.pool = threads == 1 ? null : new ForkJoinPool(threads - 1);
    }

    /**
     * Computes the loss of a batch and the gradients that are wanted.
     *
     * @param gradient where to write the gradient with respect to input, [N, C] of input's dtype; may be the batch's input
     *     itself, whose scores are then overwritten; null where it is not wanted
     * @param weightGradient whether the gradient with respect to weight is wanted
     * @param nonFinite what is done with NaN and infinities
     * @param checkpoint called between blocks of elements on the threads that compute; what it throws ends the evaluation
     * @throws IllegalArgumentException where weight, gradOutput or {@code gradient} is not of input's dtype, or has not as many
     *     elements as belong to it
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
        Shape shape = batch.input().shape();
        DType dtype = batch.input().dtype();
        requireFit("weight", loss.weight(), dtype, shape.dimension(1));
        requireFit(
                "gradOutput", batch.gradOutput(), dtype, loss.reduction() == Reduction.NONE ? shape.dimension(0) : 1);
        requireFit("gradient", gradient, dtype, shape.elements());
        Evaluation evaluation = new Evaluation(loss, batch, gradient, weightGradient);
        Work work = new Work(evaluation, checkpoint);
        if (pool == null || evaluation.elements() < splitFrom) {
            work.run();
        } else {
            share(pool, work, Math.min(threads, evaluation.chunks()) - 1);
        }
        return evaluation.finish(nonFinite);
    }

    private static void requireFit(String name, @Nullable FloatingTensor tensor, DType dtype, int elements) {
        if (tensor != null && (tensor.dtype() != dtype || tensor.shape().elements() != elements)) {
            throw new IllegalArgumentException(name + " is " + tensor.dtype() + " of shape " + tensor.shape()
                    + ", but must be " + dtype + " of " + elements + " elements");
        }
    }

    /** The caller takes part, so that a pool that is busy with other batches delays nothing: helpers that come late are let go. */
    private static void share(ForkJoinPool pool, Work work, int count) {
        List<Helper> helpers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            helpers.add(new Helper(pool, work));
        }
        try {
            work.run();
        } finally {
            helpers.forEach(Helper::end);
        }
        helpers.forEach(Helper::rethrow);
    }

    /** Stops the pool's threads. */
    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }

    /** The chunks of an evaluation, handed out one by one to whoever runs this. */
    private static final class Work implements Runnable {
        private final Evaluation evaluation;
        private final Runnable checkpoint;
        private final AtomicInteger next = new AtomicInteger();

        Work(Evaluation evaluation, Runnable checkpoint) {
            this.evaluation = evaluation;
            this.checkpoint = checkpoint;
        }

        @Override
        public void run() {
            RowKernel kernel = evaluation.kernel();
            boolean done = false;
            try {
                int chunk;
                while ((chunk = next.getAndIncrement()) < evaluation.chunks()) {
                    checkpoint.run();
                    evaluation.compute(kernel, chunk);
                }
                done = true;
            } finally {
                if (!done) {
                    next.set(evaluation.chunks());
                }
            }
        }
    }

    /** Another thread's part in the work, which begins if the pool comes to it before the work is done. */
    private static final class Helper {
        private final AtomicBoolean taken = new AtomicBoolean();
        private final ForkJoinTask<?> task;
        private volatile @Nullable RuntimeException exception;
        private volatile @Nullable Error error;

        Helper(ForkJoinPool pool, Work work) {
            task = pool.submit(() -> run(work));
        }

        private void run(Work work) {
            if (taken.compareAndSet(false, true)) {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    exception = e;
                } catch (Error e) {
                    error = e;
                }
            }
        }

        /** Waits for the helper, or sees to it that it never begins. */
        void end() {
            if (!taken.compareAndSet(false, true)) {
                task.quietlyJoin();
            }
        }

        /** Throws what the helper threw. */
        void rethrow() {
            if (exception != null) {
                throw exception;
            }
            if (error != null) {
                throw error;
            }
        }
    }
}
