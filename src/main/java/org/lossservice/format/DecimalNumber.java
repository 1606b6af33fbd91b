package org.lossservice.format;

/**
 * From decimal to binary, correctly rounded: W. D. Clinger's exact cases, then D. Lemire, "Number parsing at a gigabyte per
 * second" (2021), the algorithm of M. Eisel and D. Lemire.
 */
final class DecimalNumber {

    /** The largest power of ten that a double holds exactly. */
    private static final int LARGEST_EXACT = 22;

    /** The exponent of the last of {@link #POWERS}; that of the first is its opposite. */
    private static final int REACH = 37;

    /** The doubles nearest to powers of ten. */
    private static final double[] POWERS = new double[2 * REACH + 1];

    static {
        for (int q = -REACH; q <= REACH; q++) {
            POWERS[REACH + q] = Double.parseDouble("1e" + q);
        }
    }

    /** A double holds so many bits exactly. */
    private static final int EXACT_BITS = 53;

    /**
     * Numbers of 16 digits are on either side of that: all of them are multiplied first, for a branch that cannot be foretold
     * costs more.
     */
    private static final int FEW_BITS = 50;

    private static final int FRACTION_BITS = 52;
    private static final int BIAS = 1023;

    /** The bits of a product of 64 by 64 that a double's significand has no room for, the highest of them left out. */
    private static final long REST = 0x1FF;

    /** The bits of a double below those of a float, and what they are halfway between two floats. */
    private static final long BELOW_FLOAT = 0x1FFF_FFFF;

    private static final long HALFWAY = 0x1000_0000;

    /** The error of a product of a significand and a power, both rounded, in units of its last bit. */
    private static final long ERROR = 4;

    /** With this exponent no significand makes a float subnormal. */
    private static final int LEAST_FLOAT = -37;

    /** With this exponent no significand of 63 bits makes a float infinite. */
    private static final int LARGEST_FLOAT = 19;

    private DecimalNumber() {}

    /**
     * The double nearest to {@code significand · 10^exponent}, ties to even.
     *
     * @param significand unsigned
     * @return NaN where this takes more than is done here: the subnormal, those from 2^1023 on, and about one in
     *     10^19 others
     */
    static double toDouble(long significand, int exponent) {
        if (significand >>> FEW_BITS == 0 && hasExactPower(exponent)) {
            return exact(significand, exponent);
        }
        double value = significand == 0 ? 0 : multiplied(significand, exponent);
        // a number that is a double itself, written with zeros behind it
        return Double.isNaN(value) && significand >>> EXACT_BITS == 0 && hasExactPower(exponent)
                ? exact(significand, exponent)
                : value;
    }

    /**
     * As {@link #toDouble}, for what is neither 0 nor near the limits of double: by one product, and NaN where that is not
     * enough.
     *
     * @param significand unsigned
     */
    static double toNormal(long significand, int exponent) {
        int zeros = Long.numberOfLeadingZeros(significand);
        long factor = significand << zeros;
        long high = Math.unsignedMultiplyHigh(factor, PowersOfTen.high(exponent));
        if ((high & REST) == REST || factor * PowersOfTen.high(exponent) == 0) {
            return Double.NaN; // the power's lower half may carry into the bits that are kept; or halfway
        }
        // the last bit stands for all that was cut off, and the conversion rounds
        double value = (double) ((high >>> 1) | 1);
        int scale = BIAS + 2 + PowersOfTen.log2(exponent) - zeros;
        return value * Double.longBitsToDouble((long) scale << FRACTION_BITS);
    }

    private static boolean hasExactPower(int exponent) {
        return exponent >= -LARGEST_EXACT && exponent <= LARGEST_EXACT;
    }

    /** Both operands are exact, so the one rounding is that of the result. */
    private static double exact(long significand, int exponent) {
        return exponent < 0 ? significand / POWERS[REACH - exponent] : significand * POWERS[REACH + exponent];
    }

    private static double multiplied(long significand, int exponent) {
        if (exponent < PowersOfTen.MIN || exponent > PowersOfTen.MAX) {
            return Double.NaN;
        }
        int zeros = Long.numberOfLeadingZeros(significand);
        long factor = significand << zeros;
        long power = PowersOfTen.high(exponent);
        long high = Math.unsignedMultiplyHigh(factor, power);
        long low = factor * power;
        if ((high & REST) == REST && Long.compareUnsigned(low + factor, low) < 0) {
            // the power's lower half may carry into the bits that are kept
            long lowerHigh = Math.unsignedMultiplyHigh(factor, PowersOfTen.low(exponent));
            long lowerLow = factor * PowersOfTen.low(exponent);
            low += lowerHigh;
            high += Long.compareUnsigned(low, lowerHigh) < 0 ? 1 : 0;
            if ((high & REST) == REST && low == -1 && Long.compareUnsigned(lowerLow + factor, factor) < 0) {
                return Double.NaN;
            }
        }
        return rounded(high, low, PowersOfTen.log2(exponent) - zeros);
    }

    /** Rounds a product of two factors with their highest bits set, the second of which stands for 2^(scale - 63) times it. */
    private static double rounded(long high, long low, int scale) {
        int top = (int) (high >>> 63);
        long bits = high >>> (top + 9);
        if (low == 0 && (high & REST) == 0 && (bits & 3) == 1) {
            return Double.NaN; // halfway, or just above
        }
        bits = (bits + (bits & 1)) >>> 1;
        int exponent = scale + 63 + BIAS + top;
        if (exponent <= 0 || exponent >= 2 * BIAS) {
            return Double.NaN;
        }
        // the highest bit counts as one of the exponent, and so does that above it, where this was rounded up to 2^53
        return Double.longBitsToDouble(((long) (exponent - 1) << FRACTION_BITS) + bits);
    }

    /**
     * The float nearest to {@code significand · 10^exponent}, ties to even.
     *
     * @param significand unsigned
     * @return NaN where this takes more than is done here: near the middle between two floats, and where the significand or the
     *     exponent is large
     */
    static float toFloat(long significand, int exponent) {
        if (significand < 0 || exponent < LEAST_FLOAT || exponent > LARGEST_FLOAT) {
            return Float.NaN;
        }
        // three roundings, each of at most half a unit of a number that may be nearly twice as small
        double near = significand * POWERS[REACH + exponent];
        long aboveUncertain = (Double.doubleToRawLongBits(near) - (HALFWAY - ERROR)) & BELOW_FLOAT;
        return aboveUncertain > 2 * ERROR ? (float) near : Float.NaN;
    }

    /**
     * The float nearest to a number, given the double nearest to it.
     *
     * @return infinity where that is too large; NaN where it is not certain: halfway between two floats, and where floats are
     *     subnormal
     */
    static float toFloat(double nearest) {
        double magnitude = Math.abs(nearest);
        boolean certain = (Double.doubleToRawLongBits(nearest) & BELOW_FLOAT) != HALFWAY
                && (magnitude >= Float.MIN_NORMAL || magnitude == 0);
        return certain ? (float) nearest : Float.NaN;
    }
}
