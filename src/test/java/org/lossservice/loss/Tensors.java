package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** Makes and compares tensors. */
final class Tensors {

    private Tensors() {}

    static FloatingTensor of(DType dtype, Shape shape, double... numbers) {
        if (dtype == DType.FLOAT64) {
            return new Float64Tensor(numbers.clone(), shape);
        }
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return new Float32Tensor(floats, shape);
    }

    static FloatingTensor fill(DType dtype, Shape shape, DoubleSupplier numbers) {
        double[] made = new double[shape.elements()];
        Arrays.setAll(made, i -> numbers.getAsDouble());
        return of(dtype, shape, made);
    }

    static FloatingTensor copy(FloatingTensor tensor) {
        return of(tensor.dtype(), tensor.shape(), numbers(tensor));
    }

    static double[] numbers(@Nullable FloatingTensor tensor) {
        double[] numbers = new double[Objects.requireNonNull(tensor).shape().elements()];
        Arrays.setAll(numbers, tensor::get);
        return numbers;
    }

    /** Asserts that two results are the same to the bit, a NaN being any NaN. */
    static void assertIdentical(LossResult actual, LossResult expected, String where) {
        assertIdentical(actual.loss(), expected.loss(), "loss of " + where);
        assertIdentical(actual.gradient(), expected.gradient(), "gradient of " + where);
        assertIdentical(actual.weightGradient(), expected.weightGradient(), "weight gradient of " + where);
    }

    static void assertIdentical(@Nullable FloatingTensor actual, @Nullable FloatingTensor expected, String where) {
        // Arrays.mismatch compares as Double.equals does: 0.0 is not -0.0.
        int mismatch = Arrays.mismatch(numbers(actual), numbers(expected));
        assertThat(mismatch)
                .as(() -> where + " differs at " + mismatch + ": "
                        + Objects.requireNonNull(actual).get(mismatch) + ", not "
                        + Objects.requireNonNull(expected).get(mismatch))
                .isEqualTo(-1);
    }
}
