package org.lossservice.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * RFC 8259 read to the letter, in the plainest way, to hold the service's reading against. Bytes must be UTF-8 as RFC 3629
 * has it, and strings must be Unicode: no half of a surrogate pair.
 */
final class ReferenceJson {

    /** A JSON value. */
    sealed interface Value {}

    record Member(String name, Value value) {}

    record ObjectValue(List<Member> members) implements Value {}

    record ArrayValue(List<Value> values) implements Value {}

    record StringValue(String text) implements Value {}

    /** A number as it is written. */
    record NumberValue(String text) implements Value {
        boolean isInteger() {
            return text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
        }
    }

    /** true, false or null. */
    record Literal(String text) implements Value {}

    /** Not JSON: no text goes on like this. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        /** Where the token starts that cannot stand there or cannot be ended. */
        final int token;
        /** The first byte with which that is certain; the length of the body where it just ends. */
        final int certain;

        Malformed(int token, int certain) {
            this.token = token;
            this.certain = certain;
        }
    }

    /** What one body has, as far as it was read. */
    static final class Extent {
        int depth;
        int longestNumber;
        int longestString;
    }

    private final byte[] body;
    private final Extent extent;
    private int depth;
    private int at;

    private ReferenceJson(byte[] body, Extent extent) {
        this.body = body;
        this.extent = extent;
    }

    static Value read(byte[] body, Extent extent) throws Malformed {
        requireUtf8(body);
        ReferenceJson reader = new ReferenceJson(body, extent);
        Value value = reader.value();
        reader.space();
        if (reader.at < body.length) {
            throw new Malformed(reader.at, reader.at);
        }
        return value;
    }

    /** Table 3-7 of the Unicode standard. */
    private static void requireUtf8(byte[] body) throws Malformed {
        if (body.length >= 3 && at(body, 0) == 0xEF && at(body, 1) == 0xBB && at(body, 2) == 0xBF) {
            throw new Malformed(0, 0);
        }
        for (int i = 0; i < body.length; ) {
            int first = at(body, i);
            int more;
            int low = 0x80;
            int high = 0xBF;
            if (first < 0x80) {
                more = 0;
            } else if (first >= 0xC2 && first <= 0xDF) {
                more = 1;
            } else if (first >= 0xE0 && first <= 0xEF) {
                more = 2;
                low = first == 0xE0 ? 0xA0 : low;
                high = first == 0xED ? 0x9F : high;
            } else if (first >= 0xF0 && first <= 0xF4) {
                more = 3;
                low = first == 0xF0 ? 0x90 : low;
                high = first == 0xF4 ? 0x8F : high;
            } else {
                throw new Malformed(i, i);
            }
            for (int k = 1; k <= more; k++) {
                int next = i + k < body.length ? at(body, i + k) : -1;
                if (next < (k == 1 ? low : 0x80) || next > (k == 1 ? high : 0xBF)) {
                    throw new Malformed(i, i + k);
                }
            }
            i += 1 + more;
        }
    }

    private static int at(byte[] body, int index) {
        return body[index] & 0xFF;
    }

    private int peek() {
        return at < body.length ? body[at] & 0xFF : -1;
    }

    private void space() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
    }

    private Value value() throws Malformed {
        space();
        return switch (peek()) {
            case '{', '[' -> {
                extent.depth = Math.max(extent.depth, ++depth);
                Value value = peek() == '{' ? object() : array();
                depth--;
                yield value;
            }
            case '"' -> new StringValue(string());
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private ObjectValue object() throws Malformed {
        List<Member> members = new ArrayList<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return new ObjectValue(members);
        }
        while (true) {
            space();
            if (peek() != '"') {
                throw new Malformed(at, at);
            }
            String name = string();
            space();
            expect(':');
            members.add(new Member(name, value()));
            space();
            if (peek() == '}') {
                at++;
                return new ObjectValue(members);
            }
            expect(',');
        }
    }

    private ArrayValue array() throws Malformed {
        List<Value> values = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return new ArrayValue(values);
        }
        while (true) {
            values.add(value());
            space();
            if (peek() == ']') {
                at++;
                return new ArrayValue(values);
            }
            expect(',');
        }
    }

    private void expect(char c) throws Malformed {
        if (peek() != c) {
            throw new Malformed(at, at);
        }
        at++;
    }

    private Literal literal(String text) throws Malformed {
        int start = at;
        for (int i = 0; i < text.length(); i++) {
            if (peek() != text.charAt(i)) {
                throw new Malformed(start, at);
            }
            at++;
        }
        requireEnd(start);
        return new Literal(text);
    }

    /** A literal or number ends where something stands that may follow a value. */
    private void requireEnd(int start) throws Malformed {
        if (peek() >= 0 && " \t\n\r,]}".indexOf(peek()) < 0) {
            throw new Malformed(start, at);
        }
    }

    private NumberValue number() throws Malformed {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
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
        extent.longestNumber = Math.max(extent.longestNumber, at - start);
        requireEnd(start);
        return new NumberValue(new String(body, start, at - start, StandardCharsets.US_ASCII));
    }

    private void digits(int start) throws Malformed {
        int first = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == first) {
            throw new Malformed(start, at);
        }
    }

    private String string() throws Malformed {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (peek() != '"') {
            int c = peek();
            if (c < 0x20) {
                throw new Malformed(start, at);
            }
            if (c == '\\') {
                at++;
                text.append(escape(start));
            } else {
                int length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
                text.append(new String(body, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        at++;
        extent.longestString = Math.max(extent.longestString, text.length());
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new Malformed(start, at - 1);
            }
        }
        return text.toString();
    }

    private char escape(int start) throws Malformed {
        int c = peek();
        int simple = "\"\\/bfnrt".indexOf(c);
        if (c >= 0 && simple >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        if (c != 'u') {
            throw new Malformed(start, at);
        }
        at++;
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 0 ? -1 : Character.digit((char) peek(), 16);
            if (digit < 0) {
                throw new Malformed(start, at);
            }
            unit = unit * 16 + digit;
            at++;
        }
        return (char) unit;
    }
}
