package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/** Writes the elements of a tensor in little-endian order, block by block. */
final class ElementWriter {

    private static final int BLOCK = 1 << 16;

    private ElementWriter() {}

    static long bytes(FloatingTensor tensor) {
        return (long) tensor.shape().elements() * tensor.dtype().bytes();
    }

    static void write(FloatingTensor tensor, OutputStream out) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, bytes(tensor))];
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        int elements = tensor.shape().elements();
        int most = BLOCK / tensor.dtype().bytes();
        for (int at = 0; at < elements; at += most) {
            int length = Math.min(most, elements - at);
            switch (tensor) {
                case Float32Tensor floats -> buffer.asFloatBuffer().put(floats.array(), at, length);
                case Float64Tensor doubles -> buffer.asDoubleBuffer().put(doubles.array(), at, length);
            }
            out.write(block, 0, length * tensor.dtype().bytes());
        }
    }
}
