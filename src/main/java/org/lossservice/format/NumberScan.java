package org.lossservice.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/**
 * Reads an array of the body straight from its bytes, where everything is in order: RFC 8259's grammar, numbers that the
 * dtype holds, rows of one length. Where anything is not, it gives up without a word, and {@link JsonMembers} and
 * {@link JsonNumbers} find out what it is.
 *
 * <p>The methods that read take the position to read from and return that behind what they read, or {@link #GAVE_UP}: a
 * position that lived in a field would cost a third of the speed.
 */
final class NumberScan {

    private static final int GAVE_UP = -1;

    /** As many digits as an unsigned long holds, whatever they are. */
    private static final int DIGITS = 19;

    /** As many digits as an int holds, whatever they are. */
    private static final int INT_DIGITS = 9;

    /** The most characters of a number that are read here; the exponent of a longer one might not fit an int. */
    private static final int ORDINARY = 64;

    /** Beyond all use in a number of that length. */
    private static final int LARGE_EXPONENT = 10_000;

    private static final long[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private final byte[] body;
    private final JsonMember member;
    private final int numberLength;

    /** The number that was read last: the double nearest to it. */
    private double number;

    /** The integer or the exponent that was read last. */
    private int integer;

    /**
     * @param member an array of which only brackets and commas are known to be in order
     * @param numberLength the most characters of one number
     */
    NumberScan(byte[] body, JsonMember member, int numberLength) {
        this.body = body;
        this.member = member;
        this.numberLength = numberLength;
    }

    /** Rows of equal length, [N, C]; null where it gave up. */
    @Nullable
    FloatingTensor matrix(DType dtype) {
        int rows = member.length();
        int columns = member.firstLength();
        if (columns < 1 || (long) rows * columns != member.scalars()) {
            return null;
        }
        Shape shape = Shape.matrix(rows, columns);
        return switch (dtype) {
            case FLOAT32 -> {
                float[] floats = new float[shape.elements()];
                yield rows((at, row) -> floats(at, floats, row * columns, columns))
                        ? new Float32Tensor(floats, shape)
                        : null;
            }
            case FLOAT64 -> {
                double[] doubles = new double[shape.elements()];
                yield rows((at, row) -> doubles(at, doubles, row * columns, columns))
                        ? new Float64Tensor(doubles, shape)
                        : null;
            }
        };
    }

    /** A flat array, [n]; null where it gave up. */
    @Nullable
    FloatingTensor vector(DType dtype) {
        int length = member.length();
        if (length != member.scalars()) {
            return null;
        }
        Shape shape = Shape.vector(length);
        return switch (dtype) {
            case FLOAT32 -> {
                float[] floats = new float[length];
                yield floats(member.start(), floats, 0, length) == member.end()
                        ? new Float32Tensor(floats, shape)
                        : null;
            }
            case FLOAT64 -> {
                double[] doubles = new double[length];
                yield doubles(member.start(), doubles, 0, length) == member.end()
                        ? new Float64Tensor(doubles, shape)
                        : null;
            }
        };
    }

    /** A flat array of integers in [0, classes); null where it gave up. */
    @Nullable
    Labels labels(int classes) {
        int length = member.length();
        if (length != member.scalars()) {
            return null;
        }
        int[] labels = new int[length];
        int at = member.start() + 1;
        for (int i = 0; i < length; i++) {
            at = integer(space(at));
            if (at == GAVE_UP || integer >= classes) {
                return null;
            }
            labels[i] = integer;
            at = separator(at, i == length - 1);
            if (at == GAVE_UP) {
                return null;
            }
        }
        return at == member.end() ? Labels.of(labels, classes) : null;
    }

    /** Reads one row from its bracket to its bracket. */
    private interface Row {
        int read(int at, int row);
    }

    private boolean rows(Row row) {
        int at = member.start() + 1;
        for (int i = 0; i < member.length(); i++) {
            at = row.read(space(at), i);
            if (at == GAVE_UP) {
                return false;
            }
            at = separator(at, i == member.length() - 1);
            if (at == GAVE_UP) {
                return false;
            }
        }
        return at == member.end();
    }

    private int floats(int start, float[] array, int from, int length) {
        if (body[start] != '[') {
            return GAVE_UP;
        }
        int at = start + 1;
        for (int i = from; i < from + length; i++) {
            int token = space(at);
            at = number(token);
            if (at == GAVE_UP) {
                return GAVE_UP;
            }
            float value = DecimalNumber.toFloat(number);
            if (Float.isNaN(value)) {
                value = Float.parseFloat(text(token, at));
            }
            array[i] = value;
            at = Float.isFinite(value) ? separator(at, i == from + length - 1) : GAVE_UP;
            if (at == GAVE_UP) {
                return GAVE_UP;
            }
        }
        return at;
    }

    private int doubles(int start, double[] array, int from, int length) {
        if (body[start] != '[') {
            return GAVE_UP;
        }
        int at = start + 1;
        for (int i = from; i < from + length; i++) {
            at = number(space(at));
            if (at == GAVE_UP || !Double.isFinite(number)) {
                return GAVE_UP;
            }
            array[i] = number;
            at = separator(at, i == from + length - 1);
            if (at == GAVE_UP) {
                return GAVE_UP;
            }
        }
        return at;
    }

    /** Passes white space. */
    private int space(int start) {
        int at = start;
        while (body[at] <= ' ' && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Passes a comma, or the bracket that follows the last element, and white space before it. */
    private int separator(int start, boolean last) {
        int at = space(start);
        return body[at] == (last ? ']' : ',') ? at + 1 : GAVE_UP;
    }

    /** Reads a number from 0 on that is written as a small integer. */
    private int integer(int start) {
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
    private int number(int start) {
        // no branches on the sign, which cannot be foretold
        int negative = body[start] == '-' ? 1 : 0;
        int first = start + negative;
        if (!isDigit(body[first])) {
            return GAVE_UP;
        }
        int at = first + 1;
        long significand = (long) body[first] - '0';
        while (body[first] != '0' && isDigit(body[at])) {
            significand = significand * 10 + body[at++] - '0';
        }
        int exponent = 0;
        if (body[at] == '.') {
            int point = ++at;
            int digits;
            do {
                long word = EightBytes.padded(body, at);
                digits = EightBytes.digits(word);
                significand = significand * POWERS[digits] + EightBytes.value(word, digits);
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
        double value =
                digits <= DIGITS || isShort(first, at) ? DecimalNumber.toDouble(significand, exponent) : Double.NaN;
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

    /** Whether a number has few enough digits but for leading zeros. */
    private boolean isShort(int first, int end) {
        int zeros = 0;
        int digits = 0;
        for (int i = first; i < end && (body[i] | 0x20) != 'e'; i++) {
            digits += isDigit(body[i]) ? 1 : 0;
            zeros += digits == zeros + 1 && body[i] == '0' ? 1 : 0;
        }
        return digits - zeros <= DIGITS && end - first <= ORDINARY;
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
