package org.lossservice.tensor;

import java.util.Locale;

/** The floating point types a loss is computed in: IEEE 754 binary32 and binary64. */
public enum DType {
    FLOAT32(Float.BYTES),
    FLOAT64(Double.BYTES);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The name in requests and answers: {@code float32} or {@code float64}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
