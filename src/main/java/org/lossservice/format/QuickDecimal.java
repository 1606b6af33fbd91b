package org.lossservice.format;

/**
 * The texts of nearly all numbers. Where a comparison is too close for the products here, {@link ShortestDecimal} works
 * exactly. As in yy_double by Y. Guo, Żmij by V. Zverovich and xjb by J. Xiang (2025), one product serves for the number, for the
 * ends of the interval that reads back and for the last digit; a table by binary exponents in place of one by powers of ten
 * spares the shifts.
 *
 * <p>A normal number is c · 2^q. Counted in units of 10^k, k = floor(log10(2^q)) + 1, it is v = c · 2^q / 10^k: a whole number,
 * of 15 or 16 digits for doubles and 6 to 8 for floats, and a fraction. Its neighbours are 2^q / 10^k away, which is from 1/10 to
 * 1, and what lies less than half of that from v reads back: at most one whole number, and else always the nearest tenth.
 */
final class QuickDecimal {

    /** What is returned in place of a length where a text is uncertain. */
    static final int UNCERTAIN = 0;

    /** By a double's exponent bits, 2^q / 10^k · 2^117, cut, as two words; zeros, which are uncertain, where c · 2^q is not normal. */
    private static final long[] HIGH = new long[1 << 11];

    private static final long[] LOW = new long[1 << 11];

    /** By a float's exponent bits, 2^q / 10^k · 2^62, cut. */
    private static final long[] SINGLE = new long[1 << 8];

    /** By how much the exponent bits are above q. */
    private static final int DOUBLE_BIAS = 1075;

    private static final int FLOAT_BIAS = 150;

    /** How many bits are behind the point: of a double's tenths, and of a float's units and tenths. */
    private static final int DOUBLE_POINT = 59;

    private static final int FLOAT_POINT = 38;

    static {
        for (int i = 1; i < HIGH.length - 1; i++) {
            int q = i - DOUBLE_BIAS;
            int power = -unit(q);
            int shift = 10 - q - PowersOfTen.log2(power);
            HIGH[i] = PowersOfTen.high(power) >>> shift;
            LOW[i] = (PowersOfTen.high(power) << -shift) | (PowersOfTen.low(power) >>> shift);
        }
        for (int i = 1; i < SINGLE.length - 1; i++) {
            int q = i - FLOAT_BIAS;
            int power = -unit(q);
            SINGLE[i] = PowersOfTen.high(power) >>> (1 - q - PowersOfTen.log2(power));
        }
    }

    private QuickDecimal() {}

    /** The power of ten of the unit that numbers are counted in. */
    private static int unit(int q) {
        return PowersOfTen.log10(q) + 1;
    }

    /** Writes the shortest text of a number without its sign, and returns its length, or {@link #UNCERTAIN}. */
    static int write(double number, byte[] to, int at) {
        long bits = Double.doubleToRawLongBits(number);
        int exponentBits = (int) (bits >>> 52) & 0x7FF;
        long c = (bits << 11) | Long.MIN_VALUE; // times 2^11
        long high = HIGH[exponentBits];
        // v, times 2^64, is the units and a word below them, which goes without its last bit to have room for the carry
        long lower = ((c * high) >>> 1) + (Math.unsignedMultiplyHigh(c, LOW[exponentBits]) >>> 1);
        long units = Math.unsignedMultiplyHigh(c, high) + (lower >>> 63);
        long fraction = lower & Long.MAX_VALUE;
        long half = high << 9;
        long tenths = (fraction >>> 4) * 10 + (1L << (DOUBLE_POINT - 1));
        long above = fraction - half;
        long sum = fraction + half; // below 0 where it is 1 or more
        // less than 2 were cut from the fraction, 512 from the half, and 12 from the tenths
        if (c == Long.MIN_VALUE
                || isClose(above, 10)
                || isClose(sum - Long.MIN_VALUE, 10)
                || isClose(tenths << (Long.SIZE - DOUBLE_POINT), Long.SIZE - DOUBLE_POINT + 4)) {
            return UNCERTAIN;
        }
        // no branches: which it is cannot be foretold. The masks are -1 where true, else 0
        long isNext = sum >> 63;
        long isWhole = (above >> 63) | isNext;
        return DecimalText.writeLong(
                units - isNext, (tenths >>> DOUBLE_POINT) & ~isWhole, unit(exponentBits - DOUBLE_BIAS), to, at);
    }

    /** As the method for doubles. */
    static int write(float number, byte[] to, int at) {
        int bits = Float.floatToRawIntBits(number);
        int exponentBits = (bits >>> 23) & 0xFF;
        long c = ((long) bits << 40) | Long.MIN_VALUE; // times 2^40
        long entry = SINGLE[exponentBits];
        long v = Math.unsignedMultiplyHigh(c, entry); // times 2^38
        long units = v >>> FLOAT_POINT;
        long fraction = v - (units << FLOAT_POINT);
        long half = entry >>> 25;
        long above = fraction - half;
        long below = (1L << FLOAT_POINT) - half - fraction;
        long tenths = fraction * 10 + (1L << (FLOAT_POINT - 1));
        // less than 2 were cut from v, 1 from the half and 20 from the tenths
        if (c == Long.MIN_VALUE
                || isClose(above, 2)
                || isClose(below, 2)
                || isClose(tenths << (Long.SIZE - FLOAT_POINT), Long.SIZE - FLOAT_POINT + 5)) {
            return UNCERTAIN;
        }
        long isNext = below >> 63;
        long isWhole = (above >> 63) | isNext;
        return DecimalText.writeShort(
                units - isNext, (tenths >>> FLOAT_POINT) & ~isWhole, unit(exponentBits - FLOAT_BIAS), to, at);
    }

    /** Whether what was cut could turn the sign of a difference, which is at least -2^bits and below 2^bits. */
    private static boolean isClose(long difference, int bits) {
        return ((difference + (1L << bits)) & (-2L << bits)) == 0;
    }
}
