package org.lossservice.tensor;

import java.util.Locale;

/** The floating point types a loss is computed in: IEEE 754 binary32 and binary64. */
public enum DType {
    FLOAT32(Float.BYTES, Float.MAX_VALUE, Float.toString(Float.MAX_VALUE)),
    FLOAT64(Double.BYTES, Double.MAX_VALUE, Double.toString(Double.MAX_VALUE));

    private final int bytes;
    private final double max;
    private final String maxText;

    DType(int bytes, double max, String maxText) {
        this.bytes = bytes;
        this.max = max;
        this.maxText = maxText;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The largest finite number. */
    public double max() {
        return max;
    }

    /** The text of {@link #max}, the shortest that reads back to it. */
    public String maxText() {
        return maxText;
    }

    /** The name in requests and answers: {@code float32} or {@code float64}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
