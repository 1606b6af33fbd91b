package org.lossservice.loss;

import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Rows of float64: what additions lose is added on. */
final class Float64Row extends FastRow {

    private final double[] scores;

    Float64Row(MultiMarginLoss loss, Float64Tensor input, Runnable checkpoint) {
        super(loss, input, checkpoint);
        scores = input.array();
    }

    @Override
    double differences(int base, int from, int to, double shift, double error, double sign) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double score = sign * scores[base + i];
            double rounded = shift + score;
            double back = rounded - shift;
            z[i] = rounded + (((shift - (rounded - back)) + (score - back)) + error);
            least = Math.min(least, Math.abs(z[i]));
        }
        return least;
    }

    @Override
    void accumulate(DoubleDouble sum, double[] a, double[] b, int length) {
        sum.addExactly(a, b, length);
    }

    @Override
    void store(FloatingTensor gradient, int start, int length, double factor) {
        double[] to = ((Float64Tensor) gradient).array();
        for (int i = 0; i < length; i++) {
            to[start + i] = factor * powers[i] + 0.0;
        }
    }
}
