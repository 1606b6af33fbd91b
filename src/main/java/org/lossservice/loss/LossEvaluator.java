package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** Evaluates losses, splitting the rows of large batches over a bounded pool of threads of its own. Thread-safe. */
public final class LossEvaluator implements AutoCloseable {

    private static final int BLOCK = 512;

    /**
     * An evaluator that computes on at most {@code threads} threads.
     *
     * @throws IllegalArgumentException where {@code threads} is less than 1
     */
    public LossEvaluator(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads);
        }
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
        Formula formula = new Formula(loss, batch);
        FloatingTensor input = batch.input();
        int rows = formula.rows;
        int classes = formula.classes;
        FloatingTensor losses = FloatingTensor.zeros(
                input.dtype(), loss.reduction() == Reduction.NONE ? Shape.vector(rows) : Shape.scalar());
        Scaled total = new Scaled();
        RowSums sums = weightGradient ? new RowSums(rows) : null;
        ExactRow exact = new ExactRow(formula);
        double[] block = new double[Math.min(BLOCK, classes)];
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            int label = formula.label(row);
            double weight = formula.weight(label);
            Scaled slope = formula.slope(row, weight);
            exact.start(input.get(start + label), weight);
            for (int from = 0; from < classes; from += BLOCK) {
                checkpoint.run();
                int length = Math.min(BLOCK, classes - from);
                Elements.load(input, start + from, block, length);
                exact.add(block, length, label - from, slope);
                if (gradient != null) {
                    Elements.store(block, gradient, start + from, length);
                }
            }
            if (gradient != null) {
                double labelGradient = slope.multiply(exact.slopes).negate().toDouble();
                Elements.store(labelGradient, gradient, start + label);
            }
            Scaled rowLoss = formula.rowLoss(weight, exact.powers);
            if (loss.reduction() == Reduction.NONE) {
                Elements.store(rowLoss.divide(classes).toDouble(), losses, row);
            } else {
                total.add(rowLoss);
            }
            if (sums != null) {
                sums.set(row, exact.powers);
            }
        }
        if (loss.reduction() != Reduction.NONE) {
            Elements.store(total.divide(formula.divisor).toDouble(), losses, 0);
        }
        FloatingTensor byWeight = sums == null ? null : sums.weightGradient(formula, input.dtype());
        LossResult result = new LossResult(losses, gradient, byWeight);
        if (nonFinite == NonFinite.ERROR) {
            Overflow.refuse(result);
        }
        return result;
    }

    /** Stops the pool's threads. */
    @Override
    public void close() {}
}
