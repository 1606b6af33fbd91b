package org.lossservice.format;

/**
 * Reads numbers as most are written, one after another: of floats up to 11 digits, of doubles 15 to 19, one to seven of them
 * before the point, and no exponent. {@link NumberReader} reads every number, but takes longer for these. What is not written
 * is read as zeros behind, so that of each dtype all significands have the same number of digits.
 */
final class NumberRuns {

    /** The most numbers that are read at once: the deadline is looked at in between. */
    private static final int STRETCH = 1 << 10;

    /** The bytes that are looked at from a number's first digit on, at the most. */
    private static final int REACH = 3 * Long.BYTES;

    /** As many digits as the last eight bytes may have. */
    private static final int LAST_DIGITS = 4;

    private static final int FLOAT_DIGITS = Long.BYTES - 1 + LAST_DIGITS;
    private static final int DOUBLE_DIGITS = 2 * Long.BYTES - 1 + LAST_DIGITS;

    private final byte[] body;

    /** The last position that has room behind it for a space, a sign and what is looked at. */
    private final int lastStart;

    private int next;

    NumberRuns(byte[] body) {
        this.body = body;
        this.lastStart = body.length - REACH - 2;
    }

    /** The index of the first number that the last call did not read. */
    int next() {
        return next;
    }

    /**
     * Reads numbers of a row, from index {@code from} on, each with the comma behind it, and the last with the bracket. Stops
     * before one that is written in another way, or not certain to be rounded right.
     *
     * @param end the index behind the last of the row
     * @return the position behind what was read
     */
    int read(int start, float[] row, int from, int end) {
        int at = start;
        int i = from;
        for (int stop = Math.min(end, from + STRETCH); i < stop && at <= lastStart; i++) {
            int token = body[at] == ' ' ? at + 1 : at;
            int negative = body[token] == '-' ? 1 : 0;
            int first = token + negative;
            long word = EightBytes.get(body, first);
            long others = EightBytes.others(word);
            int whole = whole(word, others);
            long ending = others & (others - 1);
            int length = EightBytes.first(ending);
            long significand = withoutPoint(others, EightBytes.digits(word) & EightBytes.before(ending)) * 10_000;
            if (ending == 0) {
                long last = EightBytes.get(body, first + Long.BYTES);
                long lastOthers = EightBytes.others(last);
                int more = EightBytes.first(lastOthers);
                if (more > LAST_DIGITS) {
                    break;
                }
                significand += EightBytes.valueOfFour(EightBytes.digits(last) & EightBytes.before(lastOthers));
                length += more;
            }
            if (whole == 0 || length == whole + 1 || body[first + length] != separator(i, end)) {
                break;
            }
            float value = DecimalNumber.toFloat(significand, whole - FLOAT_DIGITS);
            if (Float.isNaN(value)) {
                break;
            }
            row[i] = Float.intBitsToFloat(Float.floatToRawIntBits(value) | negative << (Integer.SIZE - 1));
            at = first + length + 1;
        }
        next = i;
        return at;
    }

    /** As the method for floats. */
    int read(int start, double[] row, int from, int end) {
        int at = start;
        int i = from;
        for (int stop = Math.min(end, from + STRETCH); i < stop && at <= lastStart; i++) {
            int token = body[at] == ' ' ? at + 1 : at;
            int negative = body[token] == '-' ? 1 : 0;
            int first = token + negative;
            long word = EightBytes.get(body, first);
            long others = EightBytes.others(word);
            int whole = whole(word, others);
            long middle = EightBytes.get(body, first + Long.BYTES);
            if (whole == 0 || ((others & (others - 1)) | EightBytes.others(middle)) != 0) {
                break;
            }
            long last = EightBytes.get(body, first + 2 * Long.BYTES);
            long lastOthers = EightBytes.others(last);
            int more = EightBytes.first(lastOthers);
            int behind = first + 2 * Long.BYTES + more;
            if (more > LAST_DIGITS || body[behind] != separator(i, end)) {
                break;
            }
            long fifteen = withoutPoint(others, EightBytes.digits(word)) * 100_000_000
                    + EightBytes.value(EightBytes.digits(middle));
            long significand =
                    fifteen * 10_000 + EightBytes.valueOfFour(EightBytes.digits(last) & EightBytes.before(lastOthers));
            double value = DecimalNumber.toNormal(significand, whole - DOUBLE_DIGITS);
            if (Double.isNaN(value)) {
                break;
            }
            row[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(value) | (long) negative << (Long.SIZE - 1));
            at = behind + 1;
        }
        next = i;
        return at;
    }

    /** The digits before a point; 0 where there is no point, or there are several digits and the first of them is 0. */
    private static int whole(long word, long others) {
        int point = EightBytes.first(others) & (Long.BYTES - 1);
        boolean isWhole = EightBytes.at(point, word) == '.' && (((byte) word - '1') & -(point ^ 1)) >= 0;
        return isWhole ? point : 0;
    }

    /** The value of the seven digits around a point. */
    private static long withoutPoint(long others, long digits) {
        return EightBytes.value(EightBytes.withoutFirst(others, digits) << Byte.SIZE);
    }

    private static int separator(int index, int end) {
        return index < end - 1 ? ',' : ']';
    }
}
