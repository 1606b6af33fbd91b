package org.lossservice.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Work on eight bytes of text at once, as one long: the first byte is its lowest. */
final class EightBytes {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** Set in brackets, braces and letters, and in nothing else that numbers are written with. */
    private static final long LETTER_BITS = 0x4040_4040_4040_4040L;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long COMMAS = 0x2C2C_2C2C_2C2C_2C2CL;
    private static final long QUOTES = 0x2222_2222_2222_2222L;
    static final long ZEROS = 0x3030_3030_3030_3030L;

    /** What carries a byte of 10 or more into its highest bit. */
    private static final long ABOVE_NINE = 0x7676_7676_7676_7676L;

    private EightBytes() {}

    /** The bytes from {@code at} on, which must be in the array. */
    static long get(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Writes the bytes from {@code at} on, which must be in the array. */
    static void put(byte[] bytes, int at, long word) {
        LONG.set(bytes, at, word);
    }

    /** The bytes from {@code at} on, and zeros in place of those beyond the array. */
    static long padded(byte[] bytes, int at) {
        if (at <= bytes.length - Long.BYTES) {
            return get(bytes, at);
        }
        long word = 0;
        for (int i = bytes.length - 1; i >= at; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return word;
    }

    static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }

    static boolean hasLetterOrBracket(long word) {
        return (word & LETTER_BITS) != 0;
    }

    static boolean hasQuote(long word) {
        long other = word ^ QUOTES;
        return ((other - ONES) & ~other & HIGH_BITS) != 0;
    }

    static int commas(long word) {
        long other = word ^ COMMAS;
        return Long.bitCount(~(((other & LOW_BITS) + LOW_BITS) | other) & HIGH_BITS);
    }

    /** How many digits stand before the first other byte. */
    static int digits(long word) {
        long digits = word ^ ZEROS;
        // a carry can only come from a byte that is no digit, so the first of these is found rightly
        return Long.numberOfTrailingZeros(((digits + ABOVE_NINE) | digits) & HIGH_BITS) >>> 3;
    }

    /** The value of the first {@code count} bytes, which are digits. */
    static long value(long word, int count) {
        // leading zeros take the place of what is no digit; in two steps, for a shift by 64 would be none
        int unused = 32 - 4 * count;
        long ones = ((word ^ ZEROS) << unused) << unused;
        long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }

    /** Eight digits, with leading zeros, of a number below 10^8: not their texts, but their values. */
    static long digitsOf(long number) {
        // the inverse of what value does; each step takes x to x / b and, in the upper half, x % b = x - x / b · b
        long fours = (number << 32) - ((number * 109_951_163) >>> 40) * ((10_000L << 32) - 1);
        long pairs = (fours << 16) - (((fours * 10_486) >>> 20) & 0x7F_0000_007FL) * ((100 << 16) - 1); // x < 10^4
        return (pairs << 8) - (((pairs * 103) >>> 10) & 0x000F_000F_000F_000FL) * ((10 << 8) - 1); // x < 100
    }

    /** How many bytes there are before those that are zero to the end. */
    static int significant(long digits) {
        return Long.BYTES - (Long.numberOfLeadingZeros(digits) >>> 3);
    }

    /** A text of at most eight bytes of ASCII, followed by zero bytes. */
    static long of(String text) {
        long word = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | text.charAt(i);
        }
        return word;
    }
}
