package org.lossservice.loss;

import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Rows of float32, whose sums in double need no care. */
final class Float32Row extends FastRow {

    private final float[] array;

    Float32Row(MultiMarginLoss loss, Float32Tensor input, Runnable checkpoint) {
        super(loss, input, checkpoint);
        array = input.array();
    }

    @Override
    void load(double[] scores, int start, int length) {
        for (int i = 0; i < length; i++) {
            scores[i] = array[start + i];
        }
    }

    @Override
    void add(double[] terms, int length, ChunkSum chunkSum, DoubleDouble sum) {
        chunkSum.addPlainly(terms, length, sum);
    }

    @Override
    void store(double[] numbers, FloatingTensor gradient, int start, int length) {
        float[] to = ((Float32Tensor) gradient).array();
        for (int i = 0; i < length; i++) {
            to[start + i] = (float) numbers[i] + 0.0f;
        }
    }
}
