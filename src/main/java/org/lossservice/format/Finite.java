package org.lossservice.format;

import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Looks for NaN and infinities in whole tensors. */
final class Finite {

    private Finite() {}

    /** Whether all elements are finite. */
    static boolean all(FloatingTensor tensor) {
        return switch (tensor) {
            case Float32Tensor floats -> all(floats.array());
            case Float64Tensor doubles -> all(doubles.array());
        };
    }

    // no early exit: the loops then vectorise, and a tensor that is at fault is read again anyway

    private static boolean all(float[] array) {
        int signs = 0;
        for (float element : array) {
            // an exponent of all ones, which only NaN and infinities have, carries into the sign
            signs |= (Float.floatToRawIntBits(element) & 0x7f800000) + 0x00800000;
        }
        return signs >= 0;
    }

    private static boolean all(double[] array) {
        long signs = 0;
        for (double element : array) {
            signs |= (Double.doubleToRawLongBits(element) & 0x7ff0000000000000L) + 0x0010000000000000L;
        }
        return signs >= 0;
    }
}
