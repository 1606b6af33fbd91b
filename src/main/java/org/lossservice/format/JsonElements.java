package org.lossservice.format;

import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;
import tools.jackson.core.io.NumberInput;

/** A place for the elements of one tensor, which come one by one as texts of JSON numbers. */
sealed interface JsonElements {

    /** A place for {@code length} elements of a dtype. */
    static JsonElements of(DType dtype, int length) {
        return switch (dtype) {
            case FLOAT32 -> new Floats(length);
            case FLOAT64 -> new Doubles(length);
        };
    }

    /** Rounds the number whose text is given to the dtype, and adds it; false where it is too large for that. */
    boolean add(char[] text, int offset, int length);

    /**
     * The tensor of all elements.
     *
     * @throws IllegalArgumentException where {@code shape} has another number of elements than there is place for
     */
    FloatingTensor tensor(Shape shape);

    /** Elements of float32. */
    final class Floats implements JsonElements {
        private final float[] array;
        private int size;

        private Floats(int length) {
            array = new float[length];
        }

        @Override
        public boolean add(char[] text, int offset, int length) {
            float value = NumberInput.parseFloat(text, offset, length, true);
            array[size++] = value;
            return Float.isFinite(value);
        }

        @Override
        public FloatingTensor tensor(Shape shape) {
            return new Float32Tensor(array, shape);
        }
    }

    /** Elements of float64. */
    final class Doubles implements JsonElements {
        private final double[] array;
        private int size;

        private Doubles(int length) {
            array = new double[length];
        }

        @Override
        public boolean add(char[] text, int offset, int length) {
            double value = NumberInput.parseDouble(text, offset, length, true);
            array[size++] = value;
            return Double.isFinite(value);
        }

        @Override
        public FloatingTensor tensor(Shape shape) {
            return new Float64Tensor(array, shape);
        }
    }
}
