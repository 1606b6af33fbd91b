package org.lossservice.format;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;

/** The types of elements that are read from binary bodies. */
enum ElementType {
    FLOAT32(4, DType.FLOAT32),
    FLOAT64(8, DType.FLOAT64),
    INT32(4, null),
    INT64(8, null);

    private final int bytes;
    private final @Nullable DType dtype;

    ElementType(int bytes, @Nullable DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /** The size of one element in bytes. */
    int bytes() {
        return bytes;
    }

    /** The type as a loss is computed in it; null for integers. */
    @Nullable
    DType dtype() {
        return dtype;
    }
}
