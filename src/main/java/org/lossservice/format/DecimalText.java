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

    private static final int FLOAT_DIGITS = 9;

    private static final long EIGHT_DIGITS = 100_000_000;

    /** 2^84 / 10^8, rounded up: numbers of 17 digits are divided exactly by it, and faster than by the operator. */
    private static final long TO_UPPER = 193_428_131_138_340_668L;

    /** 2^57 / 10^8, rounded up, which does for numbers of nine digits. */
    private static final long TO_FIRST = 1_441_151_881;

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
        return writeDigits(significand * PowersOfTen.whole(DIGITS - length), exponent + length - 1, to, at);
    }

    /** As {@link #write}, of 16 or 17 digits. */
    static int writeLong(long significand, int exponent, byte[] to, int at) {
        long isShorter = isBelow(significand, EIGHT_DIGITS * EIGHT_DIGITS);
        long digits = significand + ((significand * 9) & isShorter);
        return writeDigits(digits, exponent + DIGITS - 1 + (int) isShorter, to, at);
    }

    /** As {@link #write}, of 7 to 9 digits. */
    static int writeShort(long significand, int exponent, byte[] to, int at) {
        long isShorter = isBelow(significand, EIGHT_DIGITS);
        long digits = significand + ((significand * 9) & isShorter);
        long isShortest = isBelow(digits, EIGHT_DIGITS);
        long nine = digits + ((digits * 9) & isShortest);
        return writeNine(nine, 0, exponent + FLOAT_DIGITS - 1 + (int) (isShorter + isShortest), to, at);
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

    /** Writes 17 digits, the first of which is 10^leading. */
    private static int writeDigits(long digits, int leading, byte[] to, int at) {
        long upper = Math.multiplyHigh(digits, TO_UPPER) >>> 20;
        long last = EightBytes.digitsOf(digits - upper * EIGHT_DIGITS);
        EightBytes.put(to, at + 2 + zeros(layout(leading)) + Long.BYTES, last + EightBytes.ZEROS);
        return writeNine(upper, EightBytes.significant(last), leading, to, at);
    }

    /** Writes nine digits, the first of which is 10^leading, and what more there is, of which so many are not zeros at the end. */
    private static int writeNine(long nine, int more, int leading, byte[] to, int at) {
        long layout = layout(leading);
        long first = (nine * TO_FIRST) >>> 57;
        long others = EightBytes.digitsOf(nine - first * EIGHT_DIGITS);
        EightBytes.put(to, at + 2 + zeros(layout), others + EightBytes.ZEROS);
        // the point is among the first eight bytes, where the digits before it move to the left
        long digits = (first | (others << Byte.SIZE)) << (zeros(layout) * Byte.SIZE);
        long point = 1L << (layout >>> 56);
        long before = digits & (point - 1);
        EightBytes.put(to, at, before + ((digits - before) << Byte.SIZE) + EightBytes.ZEROS - point * ('0' - '.'));
        int significant = more == 0 ? 1 + EightBytes.significant(others) : FLOAT_DIGITS + more;
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
