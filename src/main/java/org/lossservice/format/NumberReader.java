package org.lossservice.format;

import java.nio.charset.StandardCharsets;

/**
 * Reads one number after another from the bytes of JSON, and passes what stands between them. The methods that read
 * take the position of a first byte, and return the one behind the last, or {@link #GAVE_UP} where there is nothing
 * that is read here.
 */
final class NumberReader {

    static final int GAVE_UP = -1;

    /** As many digits as an unsigned long holds, whatever they are. */
    private static final int DIGITS = 19;

    /** As many digits as an int holds, whatever they are. */
    private static final int INT_DIGITS = 9;

    /** The most characters of a number that is cut; the digits of a longer one might make up for {@link #LARGE_EXPONENT}. */
    private static final int ORDINARY = 64;

    /** Beyond all use in a number of that length. */
    private static final int LARGE_EXPONENT = 10_000;

    /** A significand of more than {@value #DIGITS} digits. */
    private static final long TOO_LONG = -1;

    private final byte[] body;
    private final int numberLength;

    /** The number that was read last, but for its sign: {@code significand · 10^exponent}. */
    private long significand;

    private int exponent;

    /** Whether it is below 0, or -0: 1 or 0. */
    private int negative;

    /** The integer that was read last. */
    private int integer;

    /** @param numberLength the most characters of one number, no less than {@value #DIGITS} digits, a sign and a point take */
    NumberReader(byte[] body, int numberLength) {
        this.body = body;
        this.numberLength = numberLength;
    }

    /** The integer that was read last. */
    int integer() {
        return integer;
    }

    /** The double nearest to the number that was read last, or NaN where finding it takes {@link #exactDouble}. */
    double toDouble() {
        double value = significand == TOO_LONG ? Double.NaN : DecimalNumber.toDouble(significand, exponent);
        return Double.longBitsToDouble(Double.doubleToRawLongBits(value) | (long) negative << (Long.SIZE - 1));
    }

    /** The float nearest to the number that was read last, or NaN where finding it takes {@link #exactFloat}. */
    float toFloat() {
        float value = DecimalNumber.toFloat(significand, exponent);
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | negative << (Integer.SIZE - 1));
    }

    /** The double nearest to the number that was read last, from {@code start} to {@code end}; infinite where that is too large. */
    double exactDouble(int start, int end) {
        double value = significand == TOO_LONG ? cut(start, end) : toDouble();
        return Double.isNaN(value) ? Double.parseDouble(text(start, end)) : value;
    }

    /** The float nearest to the number that was read last, from {@code start} to {@code end}; infinite where that is too large. */
    float exactFloat(int start, int end) {
        float value = DecimalNumber.toFloat(exactDouble(start, end));
        return Float.isNaN(value) ? Float.parseFloat(text(start, end)) : value;
    }

    /** Reads a number from 0 on that is written as a small integer. */
    int readInteger(int start) {
        int at = start;
        int value = 0;
        while (isDigit(body[at])) {
            value = value * 10 + body[at++] - '0';
        }
        integer = value;
        int digits = at - start;
        return digits == 0 || digits > INT_DIGITS || (body[start] == '0' && digits > 1) ? GAVE_UP : at;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Passes white space. */
    int space(int start) {
        int at = start;
        while (body[at] <= ' ' && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Passes white space and one byte. */
    int pass(char c, int start) {
        int at = space(start);
        return body[at] == c ? at + 1 : GAVE_UP;
    }

    /**
     * Reads a number, for one of the methods that convert it. No branch depends on what cannot be foretold: its sign, its digits,
     * and how many there are before the point and behind it.
     */
    int read(int start) {
        negative = body[start] == '-' ? 1 : 0;
        int first = start + negative;
        long word = EightBytes.padded(body, first);
        long others = EightBytes.others(word);
        int whole = EightBytes.first(others);
        if (EightBytes.at(whole, word) != '.') {
            return readWhole(start, first);
        }
        if (((body[first] - '1') & -(whole ^ 1)) < 0) {
            return GAVE_UP; // several digits, and the first is 0; or none
        }
        int behind = EightBytes.first(others & (others - 1));
        significand = EightBytes.value(EightBytes.withoutFirst(others, word), behind - 1);
        int at = behind < Long.BYTES ? first + behind : readDigits(first + Long.BYTES);
        int fraction = at - (first + whole + 1);
        return fraction == 0 ? GAVE_UP : finish(start, whole + fraction, at, -fraction);
    }

    /** Reads a number that has no point within its first eight bytes. */
    private int readWhole(int start, int first) {
        significand = 0;
        int at = readDigits(first);
        int whole = at - first;
        if (whole == 0 || (whole > 1 && body[first] == '0')) {
            return GAVE_UP;
        }
        if (body[at] != '.') {
            return finish(start, whole, at, 0);
        }
        int point = at + 1;
        at = readDigits(point);
        int fraction = at - point;
        return fraction == 0 ? GAVE_UP : finish(start, whole + fraction, at, -fraction);
    }

    /** Appends all digits that follow to the significand. */
    private int readDigits(int start) {
        int at = start;
        int count;
        do {
            long word = EightBytes.padded(body, at);
            count = EightBytes.first(EightBytes.others(word));
            significand = significand * PowersOfTen.whole(count) + EightBytes.value(word, count);
            at += count;
        } while (count == Long.BYTES);
        return at;
    }

    /** Reads what is behind the digits. */
    private int finish(int start, int digits, int end, int scale) {
        exponent = scale;
        return digits > DIGITS || (body[end] | 0x20) == 'e' ? finishLong(start, digits, end) : end;
    }

    private int finishLong(int start, int digits, int end) {
        if (digits > DIGITS) {
            significand = TOO_LONG;
        }
        int at = (body[end] | 0x20) == 'e' ? readExponent(end + 1) : end;
        return at - start > numberLength ? GAVE_UP : at;
    }

    /** Reads an exponent behind its letter, and adds it. */
    private int readExponent(int start) {
        int first = body[start] == '-' || body[start] == '+' ? start + 1 : start;
        int at = first;
        int value = 0;
        while (isDigit(body[at])) {
            value = Math.min(value * 10 + body[at++] - '0', LARGE_EXPONENT);
        }
        exponent += body[start] == '-' ? -value : value;
        return at == first ? GAVE_UP : at;
    }

    /**
     * The double nearest to a number of many digits, by the first of them that are not leading zeros: where more of them could
     * not change it. NaN where they could.
     */
    private double cut(int start, int end) {
        if (end - start > ORDINARY) {
            return Double.NaN;
        }
        long first = 0;
        int digits = 0;
        int rest = 0;
        for (int i = start + negative; i < end && (body[i] | 0x20) != 'e'; i++) {
            if (body[i] == '.' || (digits == 0 && body[i] == '0')) {
                continue;
            }
            if (digits < DIGITS) {
                first = first * 10 + body[i] - '0';
                digits++;
            } else {
                rest++;
            }
        }
        double lower = DecimalNumber.toDouble(first, exponent + rest);
        boolean certain = rest == 0 || lower == DecimalNumber.toDouble(first + 1, exponent + rest);
        return certain ? (negative == 0 ? lower : -lower) : Double.NaN;
    }

    private String text(int start, int end) {
        return new String(body, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
