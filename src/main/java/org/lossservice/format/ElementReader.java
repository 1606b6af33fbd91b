package org.lossservice.format;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.function.LongConsumer;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** Copies the elements of one stored tensor into a primitive array, in row-major order. */
final class ElementReader {

    private final StoredTensor tensor;
    private final int rows;
    private final int columns;
    private final int[] bits;
    private final long[] wideBits;
    private int at;
    private boolean finite = true;

    private ElementReader(StoredTensor tensor) {
        this.tensor = tensor;
        boolean matrix = tensor.dimensions().size() == 2;
        this.rows = matrix ? tensor.dimensions().getFirst() : 1;
        this.columns = matrix ? tensor.dimensions().getLast() : tensor.elements();
        this.bits = new int[tensor.type() == ElementType.FLOAT32 ? TensorBytes.BLOCK / Float.BYTES : 0];
        this.wideBits = new long[tensor.type() == ElementType.FLOAT64 ? TensorBytes.BLOCK / Double.BYTES : 0];
    }

    /** A tensor, and whether all of its elements are finite. */
    record Floating(FloatingTensor tensor, boolean finite) {}

    /**
     * The elements of a tensor of float32 or float64, at most two dimensions.
     *
     * @throws org.lossservice.tensor.FaultException where its bytes are not what the body says of them
     */
    static Floating floating(StoredTensor tensor) {
        Shape shape = switch (tensor.dimensions().size()) {
            case 0 -> Shape.scalar();
            case 1 -> Shape.vector(tensor.elements());
            default ->
                Shape.matrix(tensor.dimensions().getFirst(), tensor.dimensions().getLast());
        };
        ElementReader reader = new ElementReader(tensor);
        if (tensor.type() == ElementType.FLOAT32) {
            float[] floats = new float[tensor.elements()];
            tensor.bytes().forEachBlock(block -> reader.copy(block, floats));
            return new Floating(new Float32Tensor(floats, shape), reader.finite);
        }
        double[] doubles = new double[tensor.elements()];
        tensor.bytes().forEachBlock(block -> reader.copy(block, doubles));
        return new Floating(new Float64Tensor(doubles, shape), reader.finite);
    }

    /** Hands over the elements of a tensor of int32 or int64 in the order in which they lie, widened. */
    static void forEachInteger(StoredTensor tensor, LongConsumer consumer) {
        tensor.bytes().forEachBlock(block -> {
            block.order(tensor.order());
            while (block.hasRemaining()) {
                consumer.accept(tensor.type() == ElementType.INT32 ? block.getInt() : block.getLong());
            }
        });
    }

    private void copy(ByteBuffer block, float[] floats) {
        FloatBuffer view = block.order(tensor.order()).asFloatBuffer();
        int length = view.remaining();
        // as integers: a loop over them vectorises, one over the bits of floats does not
        block.asIntBuffer().get(bits, 0, length);
        finite &= Finite.all(bits, length);
        if (!tensor.columnMajor()) {
            view.get(floats, at, length);
            at += length;
            return;
        }
        for (int i = 0; i < length; i++) {
            floats[transposed()] = view.get(i);
        }
    }

    private void copy(ByteBuffer block, double[] doubles) {
        DoubleBuffer view = block.order(tensor.order()).asDoubleBuffer();
        int length = view.remaining();
        block.asLongBuffer().get(wideBits, 0, length);
        finite &= Finite.all(wideBits, length);
        if (!tensor.columnMajor()) {
            view.get(doubles, at, length);
            at += length;
            return;
        }
        for (int i = 0; i < length; i++) {
            doubles[transposed()] = view.get(i);
        }
    }

    /** Where the next element of a column-major tensor belongs. */
    private int transposed() {
        int index = at % rows * columns + at / rows;
        at++;
        return index;
    }
}
