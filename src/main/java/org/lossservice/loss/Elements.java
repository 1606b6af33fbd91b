package org.lossservice.loss;

import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Moves elements between tensors of either dtype and double. */
final class Elements {

    private Elements() {}

    /** Copies {@code length} elements into the front of {@code to}; every float32 is a double. */
    static void load(FloatingTensor tensor, int from, double[] to, int length) {
        switch (tensor) {
            case Float32Tensor floats -> widen(floats.array(), from, to, length);
            case Float64Tensor doubles -> System.arraycopy(doubles.array(), from, to, 0, length);
        }
    }

    /** Writes {@code length} numbers, none of them -0.0, each rounded to the dtype; none becomes -0.0 by that. */
    static void store(double[] from, int at, FloatingTensor tensor, int to, int length) {
        switch (tensor) {
            case Float32Tensor floats -> narrow(from, at, floats.array(), to, length);
            case Float64Tensor doubles -> System.arraycopy(from, at, doubles.array(), to, length);
        }
    }

    /** Writes one element, rounded to the dtype and never -0.0. */
    static void store(double value, FloatingTensor tensor, int index) {
        switch (tensor) {
            case Float32Tensor floats -> floats.array()[index] = (float) value + 0.0f;
            case Float64Tensor doubles -> doubles.array()[index] = value + 0.0;
        }
    }

    private static void widen(float[] from, int offset, double[] to, int length) {
        for (int l = 0; l < length; l++) {
            to[l] = from[offset + l];
        }
    }

    private static void narrow(double[] from, int at, float[] to, int offset, int length) {
        for (int l = 0; l < length; l++) {
            to[offset + l] = (float) from[at + l] + 0.0f;
        }
    }
}
