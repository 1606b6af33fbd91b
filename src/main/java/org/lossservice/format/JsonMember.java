package org.lossservice.format;

import java.math.BigInteger;
import tools.jackson.core.JsonToken;

/**
 * The value of one member.
 *
 * @param token a scalar's token, or that which opens an array or object
 * @param text a scalar's text: a string unescaped, a number as it stands
 * @param start where an array starts in the body
 * @param end one past its last byte
 * @param scalars how many scalars the array holds at any depth: an upper bound of its elements
 * @param length how many values the array itself holds
 * @param firstLength how many values the first of these holds, if it is a row: an array that does not itself begin with
 *     an array; else -1
 */
record JsonMember(JsonToken token, String text, int start, int end, int scalars, int length, int firstLength) {

    /** As many digits as any bound here can need; a longer integer is out of every range. */
    private static final int LONGEST_INTEGER = 20;

    /** The value of an integer; of one with too many digits, some value beyond every range. */
    BigInteger integer() {
        if (text.length() > LONGEST_INTEGER) {
            BigInteger beyond = BigInteger.TEN.pow(LONGEST_INTEGER);
            return text.startsWith("-") ? beyond.negate() : beyond;
        }
        return new BigInteger(text);
    }

    /** What the value is, for messages. */
    String described() {
        return described(token, text);
    }

    static String described(JsonToken token, String text) {
        return switch (token) {
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_STRING -> "the string " + Text.quote(text);
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "the number " + Text.number(text);
        };
    }
}
