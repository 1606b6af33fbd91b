package org.lossservice.loss;

import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Rows of float32: everyday scores are differences that a double holds exactly. */
final class Float32Row extends FastRow {

    private final float[] scores;

    Float32Row(MultiMarginLoss loss, Float32Tensor input, Runnable checkpoint) {
        super(loss, input, checkpoint);
        scores = input.array();
    }

    @Override
    double differences(int base, int from, int to, double shift, double error, double sign) {
        for (int i = from; i < to; i++) {
            z[i] = shift + sign * scores[base + i];
        }
        double least = Double.POSITIVE_INFINITY;
        if (error != 0) {
            for (int i = from; i < to; i++) {
                least = Math.min(least, Math.abs(z[i]));
            }
        }
        return least;
    }

    @Override
    void accumulate(DoubleDouble sum, double[] a, double[] b, int length) {
        sum.addPlainly(a, b, length);
    }

    @Override
    void store(FloatingTensor gradient, int start, int length, double factor) {
        float[] to = ((Float32Tensor) gradient).array();
        for (int i = 0; i < length; i++) {
            to[start + i] = (float) (factor * powers[i]) + 0.0f;
        }
    }
}
