package org.lossservice.format;

/**
 * The digits of nearly all shortest decimals. Where a comparison is too close for the products here, {@link ShortestDecimal}
 * works exactly. As in yy_double by Y. Guo and Żmij by V. Zverovich (2025), one product serves for the number and for the ends
 * of the interval that reads back; a table by binary exponents in place of one by powers of ten spares the shifts.
 *
 * <p>A normal number is c · 2^q. Counted in units of 10^k, k = floor(log10(2^q)), it is v = c · 2^q / 10^k: a whole number s,
 * of 16 or 17 digits for doubles and 7 to 9 for floats, and a fraction. Its neighbours are 2^q / 10^k away, which is from 1 to
 * 10, and what lies less than half of that from v reads back: always the whole number that is nearest, and at most one multiple
 * of ten.
 */
final class QuickDecimal {

    /** By a double's exponent bits, 2^q / 10^k · 2^117, cut, as two words; zeros, which are uncertain, where c · 2^q is not normal. */
    private static final long[] HIGH = new long[1 << 11];

    private static final long[] LOW = new long[1 << 11];

    /** By a float's exponent bits, 2^q / 10^k · 2^59, cut. */
    private static final long[] SINGLE = new long[1 << 8];

    /** By how much the exponent bits are above q. */
    private static final int DOUBLE_BIAS = 1075;

    private static final int FLOAT_BIAS = 150;

    /** How many bits are behind the point of the ones. */
    private static final int DOUBLE_POINT = 59;

    private static final int FLOAT_POINT = 35;

    /** 2^67 / 10 and 2^35 / 10, rounded up. */
    private static final long DOUBLE_TENTH = 0xCCCC_CCCC_CCCC_CCCDL;

    private static final long FLOAT_TENTH = 0xCCCC_CCCDL;

    static {
        for (int i = 1; i < HIGH.length - 1; i++) {
            int q = i - DOUBLE_BIAS;
            int power = -PowersOfTen.log10(q);
            int shift = 10 - q - PowersOfTen.log2(power);
            HIGH[i] = PowersOfTen.high(power) >>> shift;
            LOW[i] = (PowersOfTen.high(power) << -shift) | (PowersOfTen.low(power) >>> shift);
        }
        for (int i = 1; i < SINGLE.length - 1; i++) {
            int q = i - FLOAT_BIAS;
            int power = -PowersOfTen.log10(q);
            SINGLE[i] = PowersOfTen.high(power) >>> (4 - q - PowersOfTen.log2(power));
        }
    }

    private QuickDecimal() {}

    /** The shortest decimal's significand, 16 or 17 digits of which the last may be zeros; zero where it is uncertain. */
    static long significand(double number) {
        long bits = Double.doubleToRawLongBits(number);
        long c = (bits << 11) | Long.MIN_VALUE; // times 2^11
        long high = HIGH[exponentBits(bits)];
        // v, times 2^64, is s and a word below it, which goes without its last bit to have room for the carry
        long lower = ((c * high) >>> 1) + (Math.unsignedMultiplyHigh(c, LOW[exponentBits(bits)]) >>> 1);
        long s = Math.unsignedMultiplyHigh(c, high) + (lower >>> 63);
        long fraction = lower << 1;
        long tens = (Math.unsignedMultiplyHigh(s, DOUBLE_TENTH) >>> 3) * 10;
        long ones = ((s - tens) << DOUBLE_POINT) + (fraction >>> (Long.SIZE - DOUBLE_POINT));
        long half = high << 5;
        long above = ones - half;
        long below = (10L << DOUBLE_POINT) - half - ones;
        // less than 4 were cut from the fraction, 2 from the ones, and 32 from the half
        if (c == Long.MIN_VALUE || isClose(above) || isClose(below) || isClose(fraction - Long.MIN_VALUE)) {
            return 0;
        }
        return nearest(tens, above, below, s + (fraction >>> 63));
    }

    /** The power of ten that belongs to a significand. */
    static int exponent(double number) {
        return PowersOfTen.log10(exponentBits(Double.doubleToRawLongBits(number)) - DOUBLE_BIAS);
    }

    private static int exponentBits(long bits) {
        return (int) (bits >>> 52) & 0x7FF;
    }

    /** The shortest decimal's significand, 7 to 9 digits of which the last may be zeros; zero where it is uncertain. */
    static long significand(float number) {
        int bits = Float.floatToRawIntBits(number);
        long c = ((long) bits << 40) | Long.MIN_VALUE; // times 2^40
        long entry = SINGLE[exponentBits(bits)];
        long v = Math.unsignedMultiplyHigh(c, entry); // times 2^35
        long s = v >>> FLOAT_POINT;
        long fraction = v << (Long.SIZE - FLOAT_POINT);
        long tens = ((s * FLOAT_TENTH) >>> 35) * 10;
        long ones = v - (tens << FLOAT_POINT);
        long half = entry >>> 25;
        long above = ones - half;
        long below = (10L << FLOAT_POINT) - half - ones;
        // less than 2 were cut from v, and 1 from the half
        if (c == Long.MIN_VALUE
                || isClose(above)
                || isClose(below)
                || isClose((fraction - Long.MIN_VALUE) >> (Long.SIZE - FLOAT_POINT))) {
            return 0;
        }
        return nearest(tens, above, below, s + (fraction >>> 63));
    }

    /** The power of ten that belongs to a significand. */
    static int exponent(float number) {
        return PowersOfTen.log10(exponentBits(Float.floatToRawIntBits(number)) - FLOAT_BIAS);
    }

    private static int exponentBits(int bits) {
        return (bits >>> 23) & 0xFF;
    }

    /** Whether what was cut could turn the sign of a difference, -8 to 55. */
    private static boolean isClose(long difference) {
        return ((difference + 8) & -64) == 0;
    }

    /**
     * The multiple of ten that reads back, else the whole number nearest to v.
     *
     * @param above how far the multiple of ten that is not above v lies outside the interval; within where negative
     * @param below the same of the next multiple
     */
    private static long nearest(long tens, long above, long below, long whole) {
        // no branches: which it is cannot be foretold. The masks are -1 where true, else 0
        long isNext = below >> 63;
        long isTens = (above >> 63) | isNext;
        return ((tens + (10 & isNext)) & isTens) | (whole & ~isTens);
    }
}
