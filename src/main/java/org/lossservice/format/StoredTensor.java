package org.lossservice.format;

import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as it lies in a body, its elements not yet read.
 *
 * @param name its name in the request
 * @param type the type of its elements; null for one that is not read here
 * @param typeName what the body calls the type, for messages
 * @param order the order of the bytes of an element
 * @param columnMajor whether the first index runs fastest (Fortran's order)
 * @param dimensions the extents, outermost first, whose product times the size of an element is the number of bytes;
 *     empty where the type is not read here
 * @param bytes where its elements lie
 */
record StoredTensor(
        String name,
        @Nullable ElementType type,
        String typeName,
        ByteOrder order,
        boolean columnMajor,
        List<Integer> dimensions,
        TensorBytes bytes) {

    StoredTensor {
        dimensions = List.copyOf(dimensions);
    }

    /** The number of elements, 1 for a scalar. */
    int elements() {
        return dimensions.stream().reduce(1, Math::multiplyExact);
    }
}
