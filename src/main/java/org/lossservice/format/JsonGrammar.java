package org.lossservice.format;

import java.util.HexFormat;
import org.lossservice.tensor.FaultException;

/**
 * Finds the byte at which a text stops being JSON (RFC 8259), and says why in words for the client. Run only on a body that
 * the parser refused: the parser's own locations are a byte or a token off here and there, and its words are about itself.
 */
final class JsonGrammar {

    private final byte[] body;
    private final int length;
    private int at;

    private JsonGrammar(byte[] body, int length) {
        this.body = body;
        this.length = length;
    }

    /**
     * What is wrong with {@code body}, known to be UTF-8 and not to be JSON.
     *
     * @throws IllegalStateException where nothing is wrong with it
     */
    static FaultException fault(byte[] body, int length) {
        try {
            new JsonGrammar(body, length).text();
        } catch (FaultException e) {
            return e;
        }
        throw new IllegalStateException("JSON was refused that follows the grammar");
    }

    private void text() {
        space();
        if (at == length) {
            throw fault("the body is empty");
        }
        value();
        space();
        if (at < length) {
            throw fault("text follows the end of the JSON");
        }
    }

    private int peek() {
        return at < length ? body[at] : -1;
    }

    private void space() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    /** The fault that the current byte is, or the end of the body where that is reached. */
    private FaultException fault(String detail) {
        return Json.malformed(at, at == length && length > 0 ? "the body ends in the middle of the JSON text" : detail);
    }

    private FaultException unexpected(String expected) {
        return unexpected(at, expected);
    }

    /** The fault that what starts at {@code start} is no JSON, seen there where it is a foreign word, else at the current byte. */
    private FaultException unexpected(int start, String expected) {
        String foreign = ForeignWords.at(body, start, length);
        if (foreign != null) {
            return Json.malformed(start, foreign);
        }
        int c = peek();
        if (c == 0) {
            return fault("expected " + expected + ", found a zero byte; only UTF-8 is taken, not UTF-16 or UTF-32");
        }
        return fault("expected " + expected + (c > ' ' && c < 0x7F ? ", found '" + (char) c + "'" : ""));
    }

    private void value() {
        space();
        switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("a value");
        }
    }

    private void array() {
        at++;
        space();
        if (peek() == ']') {
            at++;
            return;
        }
        do {
            value();
            space();
        } while (more(']'));
    }

    private void object() {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return;
        }
        do {
            space();
            if (peek() != '"') {
                throw unexpected("a name in double quotes");
            }
            string();
            space();
            if (peek() != ':') {
                throw unexpected("':'");
            }
            at++;
            value();
            space();
        } while (more('}'));
    }

    /** Passes a comma, or the end of an array or object; true where a value must follow. */
    private boolean more(char end) {
        int c = peek();
        if (c != ',' && c != end) {
            throw unexpected("',' or '" + end + "'");
        }
        at++;
        return c == ',';
    }

    private void literal(String text) {
        int start = at;
        for (int i = 0; i < text.length(); i++) {
            if (peek() != text.charAt(i)) {
                throw unexpected(start, text);
            }
            at++;
        }
        end(text);
    }

    private void number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
            if (peek() >= '0' && peek() <= '9') {
                throw fault("a number must not start with 0");
            }
        } else {
            digits(start);
        }
        if (peek() == '.') {
            at++;
            digits(start);
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits(start);
        }
        end("a number");
    }

    private void digits(int start) {
        if (peek() < '0' || peek() > '9') {
            throw unexpected(start, "a digit");
        }
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
    }

    private void end(String what) {
        if (at < length && " \t\n\r,]}".indexOf(peek()) < 0) {
            throw unexpected("',' or the end after " + what);
        }
    }

    private void string() {
        int start = at++;
        boolean half = false;
        boolean lone = false;
        while (peek() != '"') {
            if (at == length) {
                throw fault("a string has no end");
            }
            if (peek() >= 0 && peek() < ' ') {
                throw fault("a control character in a string must be escaped");
            }
            char unit = body[at++] == '\\' ? escape() : 0;
            lone |= half != Character.isLowSurrogate(unit);
            half = Character.isHighSurrogate(unit);
        }
        if (lone || half) {
            throw Json.malformed(start, "a string holds half of a surrogate pair");
        }
        at++;
    }

    /** Passes what follows a backslash; the UTF-16 unit that is named by \\u, else any that is no surrogate. */
    private char escape() {
        int c = peek();
        if (c != 'u') {
            if (c < 0 || "\"\\/bfnrt".indexOf(c) < 0) {
                throw fault("no such escape in a string");
            }
            at++;
            return 0;
        }
        at++;
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            if (!HexFormat.isHexDigit(peek())) {
                throw fault("four hexadecimal digits must follow \\u in a string");
            }
            unit = unit * 16 + HexFormat.fromHexDigit(peek());
            at++;
        }
        return (char) unit;
    }
}
