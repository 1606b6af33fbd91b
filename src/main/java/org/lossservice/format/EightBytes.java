package org.lossservice.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Work on eight bytes of text at once, as one long: the first byte is its lowest. */
final class EightBytes {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** Set in brackets, braces and letters. */
    private static final long LETTER_BITS = 0x4040_4040_4040_4040L;

    private static final long COMMAS = 0x2C2C_2C2C_2C2C_2C2CL;
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
        return at <= bytes.length - Long.BYTES ? get(bytes, at) : last(bytes, at);
    }

    private static long last(byte[] bytes, int at) {
        long word = 0;
        for (int i = bytes.length - 1; i >= at; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return word;
    }

    static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }

    /** Bits set in brackets, braces, letters and quotes, and in no other byte that numbers are written with. */
    static long marks(long word) {
        // of what has no letter's bit, a quote has the second bit, and neither the fourth as signs and points nor the
        // fifth as digits
        return (word | ((word << 5) & ~(word << 3) & ~(word << 2))) & LETTER_BITS;
    }

    static int commas(long word) {
        long other = word ^ COMMAS;
        return Long.bitCount(~(((other & LOW_BITS) + LOW_BITS) | other) & HIGH_BITS);
    }

    /**
     * The highest bits of those bytes that are no digits; beyond the first that is no ASCII, of others too.
     */
    static long others(long word) {
        long digits = word ^ ZEROS;
        return ((digits + ABOVE_NINE) | digits) & HIGH_BITS;
    }

    /** The index of the first byte of which a bit is set, 8 where there is none. */
    static int first(long bits) {
        return Long.numberOfTrailingZeros(bits) >>> 3;
    }

    /** The byte at an index, of which only the last three bits count. */
    static byte at(int index, long word) {
        return (byte) (word >>> (index * Byte.SIZE));
    }

    /** The bytes but for the first whose highest bit is set in {@code bits}, followed by a zero byte. */
    static long withoutFirst(long bits, long word) {
        long before = (bits ^ (bits - 1)) >>> Byte.SIZE;
        return (word & before) | ((word >>> Byte.SIZE) & ~before);
    }

    /** The last seven bytes, and behind them the first of {@code next}. */
    static long behindFirst(long word, long next) {
        return (word >>> Byte.SIZE) | (next << (Long.SIZE - Byte.SIZE));
    }

    /** The values of digits, from their texts. */
    static long digits(long word) {
        return word ^ ZEROS;
    }

    /** All bits of the bytes before the first of which the highest is set in {@code bits}, and no other; of all where there is none. */
    static long before(long bits) {
        return ((bits - 1) & ~bits) >> (Byte.SIZE - 1);
    }

    /** The value of the first {@code count} bytes, which are digits. */
    static long value(long word, int count) {
        // leading zeros take the place of what is no digit; in two steps, for a shift by 64 would be none
        int unused = 32 - 4 * count;
        return value((digits(word) << unused) << unused);
    }

    /** The number that eight digits are. */
    static long value(long digits) {
        // each factor multiplies the first of two neighbours and adds the other
        long pairs = ((digits * ((10 << 8) + 1)) >>> 8) & 0x00FF_00FF_00FF_00FFL;
        long fours = ((pairs * ((100 << 16) + 1)) >>> 16) & 0x0000_FFFF_0000_FFFFL;
        return (fours * ((10_000L << 32) + 1)) >>> 32;
    }

    /** The number that the first four of eight digits are. */
    static int valueOfFour(long digits) {
        int pairs = (((int) digits * ((10 << 8) + 1)) >>> 8) & 0x00FF_00FF;
        return (pairs * ((100 << 16) + 1)) >>> 16;
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
