package org.lossservice.format;

import java.util.function.Function;
import org.lossservice.tensor.FaultException;

/**
 * The pieces of a literal of Python's, taken one after the other from the text of an npy header. Blanks may stand in front of
 * each; what is not as expected is refused with the exception that {@code malformed} makes.
 */
final class PythonLiteral {

    private final String text;
    private final int end;
    private final Function<String, FaultException> malformed;
    private int at;

    /**
     * The literal in {@code text[start, end)}.
     *
     * @param malformed makes the exception for what is no such literal, from a detail
     */
    PythonLiteral(String text, int start, int end, Function<String, FaultException> malformed) {
        this.text = text;
        this.at = start;
        this.end = end;
        this.malformed = malformed;
    }

    /** A string in single or double quotes, without escapes. */
    String string() {
        char quote = next();
        if (quote != '\'' && quote != '"') {
            throw malformed.apply("has no string where one belongs");
        }
        int start = ++at;
        while (peek() != quote) {
            if (peek() < ' ' || peek() == '\\') {
                throw malformed.apply("has a string that does not end, or an escape");
            }
            at++;
        }
        return text.substring(start, at++);
    }

    /** Takes a word, if it is the next. */
    boolean word(String word) {
        skipSpace();
        boolean found = at + word.length() <= end && text.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    /** Takes a character, if it is the next. */
    boolean accept(char c) {
        boolean found = next() == c;
        at += found ? 1 : 0;
        return found;
    }

    /** Takes a character, which must be the next. */
    void expect(char c) {
        if (!accept(c)) {
            throw malformed.apply("has no " + c + " where one belongs");
        }
    }

    /** The next character behind blanks; NUL at the end. */
    char next() {
        skipSpace();
        return peek();
    }

    /** Whether nothing but blanks is left. */
    boolean isAtEnd() {
        skipSpace();
        return at == end;
    }

    /** A number from 0 on, of a tuple; the largest long for what exceeds every body. */
    long extent() {
        skipSpace();
        int start = at;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.isEmpty() || (digits.length() > 1 && digits.startsWith("0"))) {
            throw malformed.apply("has a shape that is no tuple of numbers");
        }
        // Python 2 wrote its long integers so
        if (peek() == 'L') {
            at++;
        }
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** The current character; NUL at the end, which no header has. */
    private char peek() {
        return at < end ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (at < end && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
