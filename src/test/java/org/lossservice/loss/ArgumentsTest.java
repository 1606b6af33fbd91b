package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** What does not belong together is refused, and not computed with as far as it goes. */
class ArgumentsTest {

    private static final FloatingTensor INPUT = FloatingTensor.zeros(DType.FLOAT32, Shape.matrix(2, 3));

    private static FloatingTensor vector(int length) {
        return FloatingTensor.zeros(DType.FLOAT32, Shape.vector(length));
    }

    private static void assertRefused(
            @Nullable FloatingTensor weight,
            @Nullable FloatingTensor gradOutput,
            @Nullable FloatingTensor gradient,
            Reduction reduction,
            String message) {
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, weight, reduction, Convention.DOCUMENTED);
        Batch batch = new Batch(INPUT, Labels.of(new int[2], 3), gradOutput);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> evaluator.evaluate(loss, batch, gradient, false, NonFinite.ERROR, () -> {}))
                    .withMessageStartingWith(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void weightHasOneForEachClass(int length) {
        assertRefused(vector(length), null, null, Reduction.MEAN, "weight is float32 of shape [" + length + "]");
    }

    @ParameterizedTest
    @EnumSource
    void gradOutputHasOneForEachLoss(Reduction reduction) {
        int wrong = reduction == Reduction.NONE ? 1 : 2;
        assertRefused(null, vector(wrong), null, reduction, "gradOutput is float32 of shape [" + wrong + "]");
    }

    @Test
    void gradientHasOneForEachScore() {
        assertRefused(null, null, vector(5), Reduction.MEAN, "gradient is float32 of shape [5]");
    }

    @Test
    void allAreOfOneDtype() {
        FloatingTensor weight = FloatingTensor.zeros(DType.FLOAT64, Shape.vector(3));
        FloatingTensor gradOutput = FloatingTensor.zeros(DType.FLOAT64, Shape.scalar());
        FloatingTensor gradient = FloatingTensor.zeros(DType.FLOAT64, INPUT.shape());
        assertRefused(weight, null, null, Reduction.SUM, "weight is float64");
        assertRefused(null, gradOutput, null, Reduction.SUM, "gradOutput is float64");
        assertRefused(null, null, gradient, Reduction.SUM, "gradient is float64");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void powersAreAtLeastOne(int p) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiMarginLoss(p, 1, null, Reduction.MEAN, Convention.DOCUMENTED));
    }

    @Test
    void labelsBelongToTheScores() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(INPUT, Labels.of(new int[3], 3), null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(INPUT, Labels.of(new int[2], 4), null));
        FloatingTensor empty = FloatingTensor.zeros(DType.FLOAT32, Shape.matrix(0, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(empty, Labels.of(new int[0], 3), null));
        FloatingTensor flat = FloatingTensor.zeros(DType.FLOAT32, Shape.vector(3));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(flat, Labels.of(new int[3], 3), null));
    }
}
