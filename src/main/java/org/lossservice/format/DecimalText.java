package org.lossservice.format;

/**
 * The text of a decimal as {@link Double#toString(double)} lays it out: plain from 10^-3 to 10^7, else with an exponent, and
 * always with a digit before the point and one behind.
 */
final class DecimalText {

    /** How many bytes may be written to, of which the text is the first. */
    static final int ROOM = 32;

    /** The most digits. */
    private static final int DIGITS = 17;

    private static final long EIGHT_DIGITS = 100_000_000;
    private static final long SIXTEEN_DIGITS = EIGHT_DIGITS * EIGHT_DIGITS;

    /** 2^84 / 10^8, rounded up: numbers of 16 digits are divided exactly by it, and faster than by the operator. */
    private static final long TO_UPPER = 193_428_131_138_340_668L;

    private static final int MIN_PLAIN = -3;
    private static final int MAX_PLAIN = 6;

    private static final int MIN_LEADING = -324;
    private static final int MAX_LEADING = 308;

    /**
     * By the power of ten of the leading digit, so that no branch has to guess: the text of the exponent, empty if plain, in
     * the lower five bytes; its length in the next; then as many bits as the zeros before the digits have, and the digits
     * before the point.
     */
    private static final long[] LAYOUTS = new long[MAX_LEADING - MIN_LEADING + 1];

    static {
        for (int i = 0; i < LAYOUTS.length; i++) {
            int leading = MIN_LEADING + i;
            boolean isPlain = leading >= MIN_PLAIN && leading <= MAX_PLAIN;
            String exponent = isPlain ? "" : "E" + leading;
            long zeros = isPlain ? Math.max(-leading, 0) : 0;
            long whole = isPlain ? Math.max(leading, 0) + 1 : 1;
            LAYOUTS[i] = EightBytes.of(exponent) | ((long) exponent.length() << 40) | (zeros << 51) | (whole << 59);
        }
    }

    private DecimalText() {}

    /**
     * Writes {@code significand · 10^exponent}, and returns the text's length.
     *
     * @param significand of at most 17 digits, which may end with zeros
     */
    static int write(long significand, int exponent, byte[] to, int at) {
        int length = length(significand);
        long digits = significand * PowersOfTen.whole(DIGITS - length);
        return writeSeventeen(digits / 10, digits % 10, exponent + length - 1, to, at);
    }

    /** Writes {@code (units + tenths / 10) · 10^exponent}, where units have 15 or 16 digits. */
    static int writeLong(long units, long tenths, int exponent, byte[] to, int at) {
        long isShorter = isBelow(units, SIXTEEN_DIGITS / 10);
        long sixteen = units + ((units * 9 + tenths) & isShorter);
        return writeSeventeen(sixteen, tenths & ~isShorter, exponent + 2 * Long.BYTES - 1 + (int) isShorter, to, at);
    }

    /** As {@link #writeLong}, where units have 6 to 8 digits. */
    static int writeShort(long units, long tenths, int exponent, byte[] to, int at) {
        long isShorter = isBelow(units, EIGHT_DIGITS / 10);
        long digits = units + ((units * 9 + tenths) & isShorter);
        long isShortest = isBelow(digits, EIGHT_DIGITS / 10);
        long eight = digits + ((digits * 9) & isShortest);
        return writeNine(
                eight, tenths & ~isShorter, exponent + Long.BYTES - 1 + (int) (isShorter + isShortest), to, at);
    }

    /** -1 where it is, else 0. */
    private static long isBelow(long number, long limit) {
        return (number - limit) >> 63;
    }

    /** How many digits there are: one for zero too. */
    private static int length(long significand) {
        long nonzero = significand | 1;
        int least = ((Long.SIZE - Long.numberOfLeadingZeros(nonzero)) * 1233) >>> 12; // floor(log10(2^bits))
        return least + (nonzero < PowersOfTen.whole(least) ? 0 : 1);
    }

    /** Writes 16 digits and one more, the first of which is 10^leading. */
    private static int writeSeventeen(long sixteen, long last, int leading, byte[] to, int at) {
        long upper = Math.multiplyHigh(sixteen, TO_UPPER) >>> 20;
        long first = EightBytes.digitsOf(upper);
        long second = EightBytes.digitsOf(sixteen - upper * EIGHT_DIGITS);
        long layout = layout(leading);
        int ninth = at + 1 + zeros(layout) + Long.BYTES;
        EightBytes.put(to, ninth, second + EightBytes.ZEROS);
        to[ninth + Long.BYTES] = (byte) (last + '0');
        long rest = EightBytes.behindFirst(second, last);
        int significant = rest == 0
                ? 1 + EightBytes.significant(EightBytes.behindFirst(first, second))
                : 1 + Long.BYTES + EightBytes.significant(rest);
        return writeAround(first, significant, layout, to, at);
    }

    /** Writes eight digits and one more, the first of which is 10^leading. */
    private static int writeNine(long eight, long last, int leading, byte[] to, int at) {
        long first = EightBytes.digitsOf(eight);
        long layout = layout(leading);
        to[at + 1 + zeros(layout) + Long.BYTES] = (byte) (last + '0');
        return writeAround(first, 1 + EightBytes.significant(EightBytes.behindFirst(first, last)), layout, to, at);
    }

    /** Writes the first eight digits with the point, and what stands before and behind all digits. */
    private static int writeAround(long first, int significant, long layout, byte[] to, int at) {
        EightBytes.put(to, at + 1 + zeros(layout), first + EightBytes.ZEROS);
        // the point is among the first eight bytes, where the digits before it move to the left
        long digits = first << (zeros(layout) * Byte.SIZE);
        long point = 1L << (layout >>> 56);
        long before = digits & (point - 1);
        EightBytes.put(to, at, before + ((digits - before) << Byte.SIZE) + EightBytes.ZEROS - point * ('0' - '.'));
        int mantissa = 1 + Math.max(zeros(layout) + significant, whole(layout) + 1);
        EightBytes.put(to, at + mantissa, layout);
        return mantissa + ((int) (layout >>> 40) & 0xFF);
    }

    private static long layout(int leading) {
        return LAYOUTS[leading - MIN_LEADING];
    }

    private static int zeros(long layout) {
        return (int) (layout >>> 51) & 0x1F;
    }

    private static int whole(long layout) {
        return (int) (layout >>> 59);
    }
}
