package org.lossservice.format;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * Finds where an array of numbers ends and how many it holds, by its brackets and commas alone: as fast as memory is read.
 * Whether anything else about it is in order is for {@link NumberScan} to find.
 */
final class JsonSkim {

    private final byte[] body;
    private final int length;
    private int commas;
    private int depth;
    private int rows;
    private int firstRow;

    private JsonSkim(byte[] body, int length) {
        this.body = body;
        this.length = length;
    }

    /**
     * The array that starts at {@code start}, if that may be one of numbers or of rows of them; else null.
     *
     * @param maxDepth levels of nesting that there may be in it
     */
    static @Nullable JsonMember array(byte[] body, int start, int length, int maxDepth) {
        JsonSkim skim = new JsonSkim(body, length);
        int end = skim.end(start, maxDepth);
        // every number takes a byte and a comma: what has more commas is no array of numbers, and takes no memory
        if (end < 0 || skim.commas > (end - start) / 2) {
            return null;
        }
        int scalars = skim.commas + 1;
        return skim.rows == 0
                ? new JsonMember(JsonToken.START_ARRAY, "", start, end, scalars, scalars, -1)
                : new JsonMember(JsonToken.START_ARRAY, "", start, end, scalars, skim.rows, skim.firstRow);
    }

    private int end(int start, int maxDepth) {
        int at = start;
        while (at <= length - Long.BYTES) {
            long word = EightBytes.get(body, at);
            if (!EightBytes.hasLetterOrBracket(word)) {
                if (EightBytes.hasQuote(word)) {
                    return -1;
                }
                commas += EightBytes.commas(word);
                at += Long.BYTES;
                continue;
            }
            for (int end = at + Long.BYTES; at < end; at++) {
                if (!pass(body[at], maxDepth)) {
                    return -1;
                }
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        for (; at < length; at++) {
            if (!pass(body[at], maxDepth)) {
                return -1;
            }
            if (depth == 0) {
                return at + 1;
            }
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
}
