package org.lossservice.loss;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/**
 * One loss, and batches for it that take turns: a batch seen again and again teaches branch predictors its scores. The gradient
 * is written into an array of its own, or over the scores as the service does; these are then to be restored.
 */
final class Workload {

    /** The scores of a workload. */
    enum Numbers {
        /** Normally distributed around 0, with a margin of 1. */
        EVERYDAY,
        /** So large or so small that the fast path cannot answer for them. */
        EXTREME,
        /** Raised to the largest power there is, none of them too far from 1 for a result. */
        POWER
    }

    /** Enough elements that none is remembered, as far as memory allows. */
    private static final int ELEMENTS = 1 << 23;

    private final MultiMarginLoss loss;
    private final Batch[] batches;
    /** The scores of each batch, where they are overwritten. */
    private final FloatingTensor[] scores;

    private final boolean withGradient;
    private final @Nullable FloatingTensor gradient;
    private int turn;

    Workload(
            int rows,
            int classes,
            DType dtype,
            int p,
            boolean weighted,
            boolean withGradient,
            boolean inPlace,
            Numbers numbers) {
        SplittableRandom random = new SplittableRandom(rows * 31L + classes);
        int count = Math.clamp(ELEMENTS / ((long) rows * classes), 3, 64);
        batches = new Batch[count];
        double size = switch (numbers) {
            case EVERYDAY -> 1;
            case EXTREME -> dtype == DType.FLOAT32 ? 1e-30 : 1e300;
            case POWER -> 1e-8;
        };
        for (int b = 0; b < count; b++) {
            int[] labels = random.ints(rows, 0, classes).toArray();
            batches[b] = new Batch(
                    tensor(random, dtype, Shape.matrix(rows, classes), size), Labels.of(labels, classes), null);
        }
        FloatingTensor weight = weighted ? weight(random, dtype, classes) : null;
        // with the convention of pytorch no power of a weight takes the results out of range
        loss = new MultiMarginLoss(
                numbers == Numbers.POWER ? Integer.MAX_VALUE : p,
                numbers == Numbers.EXTREME ? 1e-30 : 1,
                weight,
                Reduction.MEAN,
                numbers == Numbers.POWER ? Convention.PYTORCH : Convention.DOCUMENTED);
        this.withGradient = withGradient;
        gradient = withGradient && !inPlace ? FloatingTensor.zeros(dtype, Shape.matrix(rows, classes)) : null;
        scores = new FloatingTensor[withGradient && inPlace ? count : 0];
        for (int b = 0; b < scores.length; b++) {
            scores[b] = FloatingTensor.zeros(dtype, batches[b].input().shape());
            copy(batches[b].input(), scores[b]);
        }
    }

    private static FloatingTensor tensor(SplittableRandom random, DType dtype, Shape shape, double size) {
        FloatingTensor tensor = FloatingTensor.zeros(dtype, shape);
        for (int i = 0; i < shape.elements(); i++) {
            double number = random.nextGaussian() * size;
            switch (tensor) {
                case Float32Tensor floats -> floats.array()[i] = (float) number;
                case Float64Tensor doubles -> doubles.array()[i] = number;
            }
        }
        return tensor;
    }

    private static FloatingTensor weight(SplittableRandom random, DType dtype, int classes) {
        FloatingTensor weight = tensor(random, dtype, Shape.vector(classes), 1);
        for (int i = 0; i < classes; i++) {
            Elements.store(0.5 + Math.abs(weight.get(i)), weight, i);
        }
        return weight;
    }

    /** How many batches take turns. */
    int batches() {
        return batches.length;
    }

    /** Undoes what evaluations in place did to all batches. */
    void restore() {
        for (int b = 0; b < scores.length; b++) {
            copy(scores[b], batches[b].input());
        }
    }

    LossResult evaluate(LossEvaluator evaluator) {
        Batch batch = next();
        FloatingTensor to = gradient == null && withGradient ? batch.input() : gradient;
        return evaluator.evaluate(loss, batch, to, false, NonFinite.PROPAGATE, () -> {});
    }

    /** Copies the bytes of a batch: what reading every score and writing every gradient costs at least. */
    @Nullable
    FloatingTensor copy() {
        Batch batch = next();
        if (gradient != null) {
            copy(batch.input(), gradient);
        }
        return gradient;
    }

    private Batch next() {
        turn = turn + 1 == batches.length ? 0 : turn + 1;
        return batches[turn];
    }

    private static void copy(FloatingTensor from, FloatingTensor to) {
        if (from instanceof Float32Tensor source && to instanceof Float32Tensor target) {
            System.arraycopy(source.array(), 0, target.array(), 0, source.array().length);
        } else if (from instanceof Float64Tensor source && to instanceof Float64Tensor target) {
            System.arraycopy(source.array(), 0, target.array(), 0, source.array().length);
        }
    }
}
