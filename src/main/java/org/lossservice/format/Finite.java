package org.lossservice.format;

/** Looks for NaN and infinities in blocks of floating point numbers, given by their bits. */
final class Finite {

    private Finite() {}

    // An exponent of all ones, which only NaN and infinities have, carries into the sign. There is no early exit,
    // so that the loops vectorise: a tensor that is at fault is gone through again anyway.

    /** Whether the first {@code length} float32 numbers are finite. */
    static boolean all(int[] bits, int length) {
        int signs = 0;
        for (int i = 0; i < length; i++) {
            signs |= (bits[i] & 0x7f800000) + 0x00800000;
        }
        return signs >= 0;
    }

    /** Whether the first {@code length} float64 numbers are finite. */
    static boolean all(long[] bits, int length) {
        long signs = 0;
        for (int i = 0; i < length; i++) {
            signs |= (bits[i] & 0x7ff0000000000000L) + 0x0010000000000000L;
        }
        return signs >= 0;
    }
}
