package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** What must hold between results, whatever they are. */
class PropertiesTest {

    private static final int ROWS = 8;
    private static final int CLASSES = 7;

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    private final LossEvaluator evaluator = new LossEvaluator(1);

    private LossResult evaluate(MultiMarginLoss loss, FloatingTensor input, int[] labels, @Nullable FloatingTensor up) {
        FloatingTensor gradient = FloatingTensor.zeros(input.dtype(), input.shape());
        Batch batch = new Batch(input, Labels.of(labels, input.shape().dimension(1)), up);
        return evaluator.evaluate(loss, batch, gradient, true, NonFinite.ERROR, () -> {});
    }

    private static MultiMarginLoss loss(
            int p, @Nullable FloatingTensor weight, Reduction reduction, Convention convention) {
        return new MultiMarginLoss(p, 1, weight, reduction, convention);
    }

    /** Small integers, of which every sum and product is exact, so that results may be compared to the bit. */
    private static FloatingTensor integers(SplittableRandom random) {
        return Tensors.fill(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), () -> random.nextInt(-5, 6));
    }

    private static FloatingTensor weights(SplittableRandom random) {
        return Tensors.fill(DType.FLOAT64, Shape.vector(CLASSES), () -> random.nextInt(-2, 4));
    }

    private static int[] labels(SplittableRandom random) {
        return random.ints(ROWS, 0, CLASSES).toArray();
    }

    private static Convention convention(int seed) {
        return switch (seed % 3) {
            case 0 -> Convention.DOCUMENTED;
            case 1 -> Convention.PYTORCH;
            default -> Convention.PADDLE;
        };
    }

    /** The gradients are the slopes of the loss, away from its kinks. */
    @ParameterizedTest
    @MethodSource("seeds")
    void gradientsAreFiniteDifferences(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatingTensor weight = Tensors.fill(
                DType.FLOAT64, Shape.vector(CLASSES), () -> random.nextDouble(0.2, 2) * random.nextInt(-1, 2));
        // Halves: with odd quarters as margin no z is nearer to 0 than a quarter.
        FloatingTensor input =
                Tensors.fill(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), () -> random.nextInt(-4, 5) / 2.0);
        int p = 1 + seed % 4;
        int[] labels = labels(random);
        FloatingTensor nonZero = seed % 2 == 0 ? weight : null;
        MultiMarginLoss loss = new MultiMarginLoss(p, 0.25, nonZero, Reduction.MEAN, convention(seed));
        LossResult result = evaluate(loss, input, labels, null);
        for (int i = 0; i < ROWS * CLASSES; i++) {
            assertSlope(loss, input, labels, input, i, Tensors.numbers(result.gradient())[i]);
        }
        for (int c = 0; nonZero != null && c < CLASSES; c++) {
            if (nonZero.get(c) != 0) {
                assertSlope(loss, input, labels, nonZero, c, Tensors.numbers(result.weightGradient())[c]);
            }
        }
    }

    private void assertSlope(
            MultiMarginLoss loss, FloatingTensor input, int[] labels, FloatingTensor moved, int at, double slope) {
        double value = moved.get(at);
        double step = 1e-6;
        Elements.store(value + step, moved, at);
        double above = evaluate(loss, input, labels, null).loss().get(0);
        Elements.store(value - step, moved, at);
        double below = evaluate(loss, input, labels, null).loss().get(0);
        Elements.store(value, moved, at);
        assertThat((above - below) / (2 * step)).isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rowsMayBePermuted(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatingTensor input = integers(random);
        int[] labels = labels(random);
        MultiMarginLoss loss = loss(1 + seed % 3, weights(random), Reduction.SUM, convention(seed));
        LossResult result = evaluate(loss, input, labels, null);

        int shift = 1 + seed % (ROWS - 1);
        int[] from = IntStream.range(0, ROWS).map(row -> (row + shift) % ROWS).toArray();
        int[] movedLabels = IntStream.of(from).map(row -> labels[row]).toArray();
        LossResult moved = evaluate(loss, pickRows(input, from), movedLabels, null);
        assertThat(moved.loss().get(0)).isEqualTo(result.loss().get(0));
        assertThat(Tensors.numbers(moved.gradient()))
                .isEqualTo(Tensors.numbers(pickRows(Tensors.copy(gradientOf(result)), from)));
        assertThat(Tensors.numbers(moved.weightGradient())).isEqualTo(Tensors.numbers(result.weightGradient()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void classesMayBePermuted(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatingTensor input = integers(random);
        FloatingTensor weight = weights(random);
        int[] labels = labels(random);
        int p = 1 + seed % 3;
        LossResult result = evaluate(loss(p, weight, Reduction.MEAN, convention(seed)), input, labels, null);

        int shift = 1 + seed % (CLASSES - 1);
        int[] from = IntStream.range(0, CLASSES).map(c -> (c + shift) % CLASSES).toArray();
        int[] movedLabels = IntStream.of(labels)
                .map(label -> (label + CLASSES - shift) % CLASSES)
                .toArray();
        FloatingTensor movedWeight = pickColumns(weight, from);
        LossResult moved = evaluate(
                loss(p, movedWeight, Reduction.MEAN, convention(seed)), pickColumns(input, from), movedLabels, null);
        assertThat(moved.loss().get(0)).isEqualTo(result.loss().get(0));
        assertThat(Tensors.numbers(moved.gradient())).isEqualTo(Tensors.numbers(pickColumns(gradientOf(result), from)));
    }

    private static FloatingTensor gradientOf(LossResult result) {
        return Tensors.of(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), Tensors.numbers(result.gradient()));
    }

    private static FloatingTensor pickRows(FloatingTensor tensor, int[] from) {
        double[] picked = new double[ROWS * CLASSES];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = tensor.get(from[i / CLASSES] * CLASSES + i % CLASSES);
        }
        return Tensors.of(DType.FLOAT64, tensor.shape(), picked);
    }

    private static FloatingTensor pickColumns(FloatingTensor tensor, int[] from) {
        double[] picked = new double[tensor.shape().elements()];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = tensor.get(i / CLASSES * CLASSES + from[i % CLASSES]);
        }
        return Tensors.of(DType.FLOAT64, tensor.shape(), picked);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRowMayBeShifted(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatingTensor input = integers(random);
        int[] labels = labels(random);
        MultiMarginLoss loss = loss(1 + seed % 3, weights(random), Reduction.MEAN, convention(seed));
        double[] shifted = Tensors.numbers(input);
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += (i / CLASSES - 3) * 1024.5;
        }
        Tensors.assertIdentical(
                evaluate(loss, Tensors.of(DType.FLOAT64, input.shape(), shifted), labels, null),
                evaluate(loss, input, labels, null),
                "shifted rows");
    }

    @ParameterizedTest
    @EnumSource
    void sumIsRowsTimesMean(Convention convention) {
        SplittableRandom random = new SplittableRandom(1);
        FloatingTensor input = Tensors.fill(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), random::nextGaussian);
        int[] labels = labels(random);
        FloatingTensor weight = weights(random);
        double sum = evaluate(loss(2, weight, Reduction.SUM, convention), input, labels, null)
                .loss()
                .get(0);
        double mean = evaluate(loss(2, weight, Reduction.MEAN, convention), input, labels, null)
                .loss()
                .get(0);
        // Exactly: N is a power of two.
        assertThat(sum).isEqualTo(ROWS * mean);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, -0.25, 0})
    void gradientsScaleWithTheUpstreamGradient(double factor) {
        SplittableRandom random = new SplittableRandom(1);
        for (DType dtype : DType.values()) {
            FloatingTensor input = Tensors.fill(dtype, Shape.matrix(ROWS, CLASSES), random::nextGaussian);
            int[] labels = labels(random);
            MultiMarginLoss loss = loss(2, null, Reduction.NONE, Convention.DOCUMENTED);
            FloatingTensor ups = Tensors.fill(dtype, Shape.vector(ROWS), () -> factor);
            LossResult plain = evaluate(loss, input, labels, null);
            LossResult scaled = evaluate(loss, input, labels, ups);
            assertThat(Tensors.numbers(scaled.loss())).isEqualTo(Tensors.numbers(plain.loss()));
            for (int i = 0; i < ROWS * CLASSES; i++) {
                assertThat(Tensors.numbers(scaled.gradient())[i])
                        .isEqualTo(Tensors.numbers(plain.gradient())[i] * factor + 0.0);
            }
            for (int c = 0; c < CLASSES; c++) {
                assertThat(Tensors.numbers(scaled.weightGradient())[c])
                        .isEqualTo(Tensors.numbers(plain.weightGradient())[c] * factor + 0.0);
            }
        }
    }

    /** Without weights, the kink aside; and for p = 1 with weights above 0. */
    @ParameterizedTest
    @MethodSource("seeds")
    void conventionsAgreeWhereTheyMust(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatingTensor input = Tensors.fill(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), random::nextGaussian);
        int[] labels = labels(random);
        int p = 1 + seed % 4;
        FloatingTensor weight =
                p > 1 ? null : Tensors.fill(DType.FLOAT64, Shape.vector(CLASSES), () -> random.nextDouble(0.1, 3));
        LossResult documented = evaluate(loss(p, weight, Reduction.MEAN, Convention.DOCUMENTED), input, labels, null);
        for (Convention other : new Convention[] {Convention.PYTORCH, Convention.PADDLE}) {
            LossResult result = evaluate(loss(p, weight, Reduction.MEAN, other), input, labels, null);
            Tensors.assertIdentical(result.loss(), documented.loss(), other.toString());
            Tensors.assertIdentical(result.gradient(), documented.gradient(), other.toString());
        }
    }
}
