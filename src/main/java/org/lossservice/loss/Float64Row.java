package org.lossservice.loss;

import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Rows of float64: what additions lose is added on. */
final class Float64Row extends FastRow {

    private final double[] array;

    Float64Row(MultiMarginLoss loss, Float64Tensor input, Runnable checkpoint) {
        super(loss, input, checkpoint);
        array = input.array();
    }

    @Override
    void load(double[] scores, int start, int length) {
        System.arraycopy(array, start, scores, 0, length);
    }

    @Override
    void add(double[] terms, int length, ChunkSum chunkSum, DoubleDouble sum) {
        chunkSum.addExactly(terms, length, sum);
    }

    @Override
    void store(double[] numbers, FloatingTensor gradient, int start, int length) {
        for (int i = 0; i < length; i++) {
            numbers[i] += 0.0;
        }
        System.arraycopy(numbers, 0, ((Float64Tensor) gradient).array(), start, length);
    }
}
