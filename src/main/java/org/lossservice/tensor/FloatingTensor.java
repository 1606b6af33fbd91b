package org.lossservice.tensor;

/** A dense row-major tensor of floating point numbers: one flat primitive array and a shape. */
public sealed interface FloatingTensor permits Float32Tensor, Float64Tensor {

    /** The type of the elements. */
    DType dtype();

    /** The extents; their product is the length of the array. */
    Shape shape();

    /** The element at a flat, row-major index; widening to double is exact. */
    double get(int index);

    /** A tensor of this shape and dtype filled with zeros. */
    static FloatingTensor zeros(DType dtype, Shape shape) {
        return switch (dtype) {
            case FLOAT32 -> new Float32Tensor(new float[shape.elements()], shape);
            case FLOAT64 -> new Float64Tensor(new double[shape.elements()], shape);
        };
    }
}
