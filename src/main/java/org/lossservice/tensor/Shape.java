package org.lossservice.tensor;

import java.util.Arrays;
import java.util.List;

/** The extents of a tensor, outermost first; {@code []} is a scalar. Immutable. */
public final class Shape {

    private static final Shape SCALAR = new Shape();

    private final int[] dimensions;
    private final int elements;

    private Shape(int... dimensions) {
        long product = 1;
        for (int dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension " + dimension);
            }
            product *= dimension;
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("more than 2^31 - 1 elements: " + Arrays.toString(dimensions));
            }
        }
        this.dimensions = dimensions;
        this.elements = (int) product;
    }

    /** The shape of a number on its own, {@code []}. */
    public static Shape scalar() {
        return SCALAR;
    }

    /**
     * A shape of rank 1, {@code [length]}.
     *
     * @throws IllegalArgumentException where {@code length} is negative
     */
    public static Shape vector(int length) {
        return new Shape(length);
    }

    /**
     * A shape of rank 2, {@code [rows, columns]}.
     *
     * @throws IllegalArgumentException where an extent is negative or their product exceeds 2^31 - 1
     */
    public static Shape matrix(int rows, int columns) {
        return new Shape(rows, columns);
    }

    /** The number of dimensions. */
    public int rank() {
        return dimensions.length;
    }

    /** The extent of one dimension, counted from the outermost. */
    public int dimension(int axis) {
        return dimensions[axis];
    }

    /** The number of elements: the product of the extents, 1 for a scalar. */
    public int elements() {
        return elements;
    }

    /** The indices of the element at a flat, row-major index, outermost first. */
    public List<Integer> indices(int flat) {
        Integer[] indices = new Integer[dimensions.length];
        int rest = flat;
        for (int axis = dimensions.length - 1; axis >= 0; axis--) {
            indices[axis] = rest % dimensions[axis];
            rest /= dimensions[axis];
        }
        return List.of(indices);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** As numpy and JSON write it: {@code [3, 4]}. */
    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
