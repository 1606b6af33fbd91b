package org.lossservice.format;

/**
 * The text of a decimal as {@link Double#toString(double)} lays it out: plain from 10^-3 to 10^7, else with an exponent, and always
 * with a digit before the point and one behind.
 */
final class DecimalText {

    /** How many bytes may be written to, of which the text is the first. */
    static final int ROOM = 32;

    /** The most digits. */
    private static final int DIGITS = 17;

    private static final long EIGHT_DIGITS = 100_000_000;

    /** 2^84 / 10^8, rounded up: numbers of 17 digits are divided exactly by it, and faster than by the operator. */
    private static final long TO_UPPER = 193_428_131_138_340_668L;

    private static final int MIN_PLAIN = -3;
    private static final int MAX_PLAIN = 6;

    private static final int MIN_EXPONENT = -324;
    private static final int MAX_EXPONENT = 308;

    /** The texts of exponents, as words. */
    private static final long[] EXPONENTS = new long[MAX_EXPONENT - MIN_EXPONENT + 1];

    static {
        for (int i = 0; i < EXPONENTS.length; i++) {
            EXPONENTS[i] = EightBytes.of("E" + (MIN_EXPONENT + i));
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
        long upper = Math.multiplyHigh(digits, TO_UPPER) >>> 20;
        int lower = (int) (digits - upper * EIGHT_DIGITS);
        int first = (int) (upper / EIGHT_DIGITS);
        long middle = EightBytes.text((int) (upper - first * EIGHT_DIGITS));
        long last = lower == 0 ? EightBytes.ZEROS : EightBytes.text(lower);
        int significant = last != EightBytes.ZEROS
                ? DIGITS - EightBytes.trailingZeros(last)
                : 1 + Long.BYTES - EightBytes.trailingZeros(middle);
        int leading = exponent + length - 1;
        if (leading >= MIN_PLAIN && leading <= MAX_PLAIN) {
            int zeros = Math.max(-leading, 0);
            return put(zeros, first, middle, last, zeros + significant, Math.max(leading, 0) + 1, to, at);
        }
        int mantissa = put(0, first, middle, last, significant, 1, to, at);
        long text = EXPONENTS[leading - MIN_EXPONENT];
        EightBytes.put(to, at + mantissa, text);
        return mantissa + EightBytes.length(text);
    }

    /** How many digits there are: one for zero too. */
    private static int length(long significand) {
        long nonzero = significand | 1;
        int least = ((Long.SIZE - Long.numberOfLeadingZeros(nonzero)) * 1233) >>> 12; // floor(log10(2^bits))
        return least + (nonzero < PowersOfTen.whole(least) ? 0 : 1);
    }

    /** Writes zeros and digits with a point behind the first {@code whole} of them, and returns the length. */
    private static int put(int zeros, int first, long middle, long last, int count, int whole, byte[] to, int at) {
        int start = at + 1 + zeros;
        EightBytes.put(to, start + 1, middle);
        EightBytes.put(to, start + 1 + Long.BYTES, last);
        // the point is among the first eight bytes, where the digits before it move to the left
        long digits = (middle << Byte.SIZE) | ('0' + first);
        long leading = (digits << (zeros * Byte.SIZE)) | (EightBytes.ZEROS & mask(zeros));
        long before = leading & mask(whole);
        long behind = leading & ~mask(whole);
        EightBytes.put(to, at, before | ((long) '.' << (whole * Byte.SIZE)) | (behind << Byte.SIZE));
        return 1 + Math.max(count, whole + 1);
    }

    /** The bits of the first bytes, at most seven. */
    private static long mask(int bytes) {
        return (1L << (bytes * Byte.SIZE)) - 1;
    }
}
