package org.lossservice.format;

/**
 * The shortest decimal that reads back to a number, the nearest of them where there are several: R. Giulietti, "The Schubfach
 * way to render doubles" (2022), whose names for quantities are kept. The JDK has the same algorithm, but only for strings.
 * Nearly all numbers are left to {@link QuickDecimal}.
 *
 * <p>A positive finite number is v = c · 2^q, and reads back from what lies between its neighbours' midpoints,
 * v_l = (c - 1/2) · 2^q and v_r = (c + 1/2) · 2^q; the midpoints themselves are its own where c is even.
 */
final class ShortestDecimal {

    /** The least q of each dtype, which is that of subnormal numbers, and the bits of c's fraction. */
    private static final int DOUBLE_MIN_Q = -1074;

    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final int FLOAT_MIN_Q = -149;
    private static final int FLOAT_FRACTION_BITS = 23;

    /** Subnormal numbers below this have one digit; like the JDK, two are written. */
    private static final int DOUBLE_TINY = 3;

    private static final int FLOAT_TINY = 8;

    private static final long MASK_63 = Long.MAX_VALUE;

    private ShortestDecimal() {}

    /** Writes the text of a finite number to {@link DecimalText#ROOM} bytes at most, and returns its length. */
    static int write(double number, byte[] to, int at) {
        int sign = (int) (Double.doubleToRawLongBits(number) >>> 63);
        to[at] = '-';
        int length = QuickDecimal.write(number, to, at + sign);
        return sign + (length == QuickDecimal.UNCERTAIN ? writeExactly(number, to, at + sign) : length);
    }

    private static int writeExactly(double number, byte[] to, int at) {
        long bits = Double.doubleToRawLongBits(number);
        int exponent = (int) (bits >>> DOUBLE_FRACTION_BITS) & 0x7FF;
        long fraction = bits & ((1L << DOUBLE_FRACTION_BITS) - 1);
        return exponent == 0
                ? writeSubnormal(fraction, DOUBLE_MIN_Q, DOUBLE_TINY, to, at)
                : writeNormal(fraction, exponent - 1, DOUBLE_MIN_Q, DOUBLE_FRACTION_BITS, to, at);
    }

    /** Writes the text of a finite number to {@link DecimalText#ROOM} bytes at most, and returns its length. */
    static int write(float number, byte[] to, int at) {
        int sign = Float.floatToRawIntBits(number) >>> 31;
        to[at] = '-';
        int length = QuickDecimal.write(number, to, at + sign);
        return sign + (length == QuickDecimal.UNCERTAIN ? writeExactly(number, to, at + sign) : length);
    }

    private static int writeExactly(float number, byte[] to, int at) {
        int bits = Float.floatToRawIntBits(number);
        int exponent = (bits >>> FLOAT_FRACTION_BITS) & 0xFF;
        int fraction = bits & ((1 << FLOAT_FRACTION_BITS) - 1);
        return exponent == 0
                ? writeSubnormal(fraction, FLOAT_MIN_Q, FLOAT_TINY, to, at)
                : writeNormal(fraction, exponent - 1, FLOAT_MIN_Q, FLOAT_FRACTION_BITS, to, at);
    }

    private static int writeSubnormal(long c, int q, int tiny, byte[] to, int at) {
        if (c == 0) {
            return DecimalText.write(0, 0, to, at);
        }
        return c < tiny ? writeRegular(10 * c, q, -1, to, at) : writeRegular(c, q, 0, to, at);
    }

    private static int writeNormal(long fraction, int aboveLeast, int leastQ, int fractionBits, byte[] to, int at) {
        long c = fraction | (1L << fractionBits);
        int q = leastQ + aboveLeast;
        if (fraction == 0 && aboveLeast > 0) {
            // below a power of two numbers are twice as dense
            int k = (q * 1_262_611 - 524_031) >> 22; // floor(log10(3/4 · 2^q))
            return write(c, q, k, 1, 0, to, at);
        }
        return writeRegular(c, q, 0, to, at);
    }

    private static int writeRegular(long c, int q, int shift, byte[] to, int at) {
        return write(c, q, PowersOfTen.log10(q), 2, shift, to, at);
    }

    /**
     * Writes c · 2^q · 10^shift.
     *
     * @param k a power of ten 10^k of which the interval that reads back holds one multiple at least, and of 10^(k+1) one at most
     * @param below how far the interval's lower end lies below c, in quarters
     */
    private static int write(long c, int q, int k, int below, int shift, byte[] to, int at) {
        // v / 10^k = c · g / 2^..., where g is 10^-k to 126 bits, rounded up: g = g1 · 2^63 + g0
        long low = PowersOfTen.low(-k);
        long g1 = PowersOfTen.high(-k) >>> 1;
        long g0 = (((PowersOfTen.high(-k) << 62) & MASK_63) | (low >>> 2)) + 1;
        int h = q + PowersOfTen.log2(-k) + 2;
        long quarters = c << 2;
        long v = roundedToOdd(g1, g0, quarters << h);
        long odd = c & 1;
        long lower = roundedToOdd(g1, g0, (quarters - below) << h) + odd;
        long upper = roundedToOdd(g1, g0, (quarters + 2) << h) - odd;

        long s = v >>> 2;
        long tens = (upper >>> 2) / 10 * 10;
        if (s >= 100 && tens << 2 >= lower) {
            return DecimalText.write(tens, k + shift, to, at);
        }
        // half is rounded to even; above a power of two, s may be nearer and yet too low
        boolean isUp = (v & 3) + (s & 1) > 2 || s << 2 < lower;
        return DecimalText.write(isUp ? s + 1 : s, k + shift, to, at);
    }

    /**
     * {@code factor · g / 2^127}, cut to an integer whose lowest bit is set where something was cut off: it compares with even
     * integers as the exact product does.
     */
    private static long roundedToOdd(long g1, long g0, long factor) {
        long lower = ((g1 * factor) >>> 1) + Math.multiplyHigh(g0, factor);
        long whole = Math.multiplyHigh(g1, factor) + (lower >>> 63);
        return whole | (((lower & MASK_63) + MASK_63) >>> 63);
    }
}
