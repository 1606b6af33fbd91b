package org.lossservice.format;

import java.nio.charset.StandardCharsets;

/**
 * Reads one number after another from the bytes of JSON. The methods that read take the position of its first byte and
 * return that behind its last, or {@link #GAVE_UP} where none stands there that is read here.
 */
final class NumberReader {

    static final int GAVE_UP = -1;

    /** As many digits as an unsigned long holds, whatever they are. */
    private static final int DIGITS = 19;

    /** As many digits as an int holds, whatever they are. */
    private static final int INT_DIGITS = 9;

    /** The most characters of a number that are read here; the exponent of a longer one might not fit an int. */
    private static final int ORDINARY = 64;

    /** Beyond all use in a number of that length. */
    private static final int LARGE_EXPONENT = 10_000;

    private final byte[] body;
    private final int numberLength;

    /** The number that was read last: the double nearest to it. */
    private double number;

    /** The integer or the exponent that was read last. */
    private int integer;

    /** @param numberLength the most characters of one number */
    NumberReader(byte[] body, int numberLength) {
        this.body = body;
        this.numberLength = numberLength;
    }

    /** The integer that was read last. */
    int integer() {
        return integer;
    }

    /** The double nearest to the number that was read last; infinite where that is too large. */
    double toDouble() {
        return number;
    }

    /** The float nearest to the number that was read last, from {@code start} to {@code end}; infinite where that is too large. */
    float toFloat(int start, int end) {
        float value = DecimalNumber.toFloat(number);
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

    /** Reads a number; what is too large for a double may give infinity. */
    int read(int start) {
        // no branches on the sign, which cannot be foretold
        int negative = body[start] == '-' ? 1 : 0;
        int first = start + negative;
        if (!isDigit(body[first])) {
            return GAVE_UP;
        }
        int at = first + 1;
        long significand = (long) body[first] - '0';
        // in this order, for what follows the first digit can be foretold and whether that is a zero cannot
        while (isDigit(body[at]) && body[first] != '0') {
            significand = significand * 10 + body[at++] - '0';
        }
        int exponent = 0;
        if (body[at] == '.') {
            int point = ++at;
            int digits;
            do {
                long word = EightBytes.padded(body, at);
                digits = EightBytes.digits(word);
                significand = significand * PowersOfTen.whole(digits) + EightBytes.value(word, digits);
                at += digits;
            } while (digits == Long.BYTES);
            exponent = point - at;
            if (exponent == 0) {
                return GAVE_UP;
            }
        }
        int digits = at - first;
        if ((body[at] | 0x20) == 'e') {
            at = exponent(at + 1);
            if (at == GAVE_UP) {
                return GAVE_UP;
            }
            exponent += integer;
        }
        double value = digits <= DIGITS ? DecimalNumber.toDouble(significand, exponent) : cut(first, at, exponent);
        number = Double.longBitsToDouble(Double.doubleToRawLongBits(value) | (long) negative << (Long.SIZE - 1));
        return Double.isNaN(value) || at - start > numberLength ? parsed(start, at) : at;
    }

    /** Reads an exponent behind its letter. */
    private int exponent(int start) {
        int first = body[start] == '-' || body[start] == '+' ? start + 1 : start;
        int at = first;
        int value = 0;
        while (isDigit(body[at])) {
            value = Math.min(value * 10 + body[at++] - '0', LARGE_EXPONENT);
        }
        integer = body[start] == '-' ? -value : value;
        return at == first ? GAVE_UP : at;
    }

    /**
     * The double nearest to a number of many digits, by the first of them that are not leading zeros: where more of them could
     * not change it. NaN where they could.
     */
    private double cut(int first, int end, int exponent) {
        if (end - first > ORDINARY) {
            return Double.NaN;
        }
        long significand = 0;
        int digits = 0;
        int rest = 0;
        for (int i = first; i < end && (body[i] | 0x20) != 'e'; i++) {
            if (body[i] == '.' || (digits == 0 && body[i] == '0')) {
                continue;
            }
            if (digits < DIGITS) {
                significand = significand * 10 + body[i] - '0';
                digits++;
            } else {
                rest++;
            }
        }
        double lower = DecimalNumber.toDouble(significand, exponent + rest);
        return rest == 0 || lower == DecimalNumber.toDouble(significand + 1, exponent + rest) ? lower : Double.NaN;
    }

    /** Reads a number again, the longer way. */
    private int parsed(int start, int end) {
        if (end - start > numberLength) {
            return GAVE_UP;
        }
        number = Double.parseDouble(text(start, end));
        return end;
    }

    private String text(int start, int end) {
        return new String(body, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
