package org.lossservice.format;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * Finds where an array of numbers ends and how many it holds, by its brackets and the commas of its first row alone: as fast as
 * memory is read. Whether anything else about it is in order is for {@link NumberScan} to find.
 */
final class JsonSkim {

    private final byte[] body;
    private final int length;
    private int commas;
    private int depth;
    private int rows;

    /** The numbers of the first row; 0 until it has ended. */
    private int firstRow;

    private JsonSkim(byte[] body, int length) {
        this.body = body;
        this.length = length;
    }

    /**
     * The array that starts at {@code start}, if that may be one of numbers or of rows of them, all as long as the first; else
     * null.
     *
     * @param maxDepth levels of nesting that there may be in it
     */
    static @Nullable JsonMember array(byte[] body, int start, int length, int maxDepth) {
        JsonSkim skim = new JsonSkim(body, length);
        int end = skim.end(start, maxDepth);
        long scalars = skim.rows == 0 ? skim.commas + 1 : (long) skim.rows * skim.firstRow;
        // every number takes a byte and a comma or bracket: what seems to have more is no array of numbers, and takes
        // no memory
        if (end < 0 || scalars > (end - start) / 2) {
            return null;
        }
        return skim.rows == 0
                ? new JsonMember(JsonToken.START_ARRAY, "", start, end, (int) scalars, (int) scalars, -1)
                : new JsonMember(JsonToken.START_ARRAY, "", start, end, (int) scalars, skim.rows, skim.firstRow);
    }

    private int end(int start, int maxDepth) {
        int at = start;
        while (at < length) {
            if (!pass(body[at++], maxDepth)) {
                return -1;
            }
            if (depth == 0) {
                return at;
            }
            at = firstRow == 0 ? countCommas(at) : passRow(at);
        }
        return -1;
    }

    private boolean pass(byte c, int maxDepth) {
        switch (c) {
            case '[' -> {
                depth++;
                rows += depth == 2 ? 1 : 0;
            }
            case ']' -> {
                if (depth == 2 && rows == 1) {
                    firstRow = commas + 1;
                }
                depth--;
            }
            case ',' -> commas++;
            case '"' -> {
                return false;
            }
            default -> {
                // a digit, or what is not in order
            }
        }
        return depth <= maxDepth;
    }

    /** Passes eight bytes as often as only commas count in them. */
    private int countCommas(int start) {
        int at = start;
        while (at <= length - Long.BYTES) {
            long word = EightBytes.get(body, at);
            if (EightBytes.marks(word) != 0) {
                break;
            }
            commas += EightBytes.commas(word);
            at += Long.BYTES;
        }
        return at;
    }

    /** Passes all up to the next bracket, brace, letter or quote. */
    private int passRow(int start) {
        int at = start;
        while (at <= length - Long.BYTES) {
            long marks = EightBytes.marks(EightBytes.get(body, at));
            if (marks != 0) {
                return at + EightBytes.first(marks);
            }
            at += Long.BYTES;
        }
        return at;
    }
}
