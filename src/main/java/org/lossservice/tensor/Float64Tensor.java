package org.lossservice.tensor;

/** A tensor of dtype float64. It owns its array: who makes one hands the array over. */
public final class Float64Tensor implements FloatingTensor {

    private final double[] array;
    private final Shape shape;

    /**
     * Takes over {@code array} as the row-major elements of a tensor.
     *
     * @throws IllegalArgumentException where the array's length is not the shape's number of elements
     */
    public Float64Tensor(double[] array, Shape shape) {
        if (array.length != shape.elements()) {
            throw new IllegalArgumentException(array.length + " elements for shape " + shape);
        }
        this.array = array;
        this.shape = shape;
    }

    /** The row-major elements themselves, not a copy: kernels and formats read and write them in place. */
    public double[] array() {
        return array;
    }

    @Override
    public DType dtype() {
        return DType.FLOAT64;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public double get(int index) {
        return array[index];
    }
}
