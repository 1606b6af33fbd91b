package org.lossservice.format;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Splits an object into its members. The text is checked against the grammar and the limits; of an array, only where it
 * lies is kept.
 */
final class JsonMembers {

    /**
     * The parser keeps each name that it meets for the first time, so these are read ten times slower than anything
     * else.
     */
    private static final int MOST_NAMES = 1000;

    /** Levels of nesting of an array of rows. */
    private static final int ROWS_DEPTH = 2;

    private final byte[] body;
    private final int length;
    private final List<String> fields;
    private final JsonLimits limits;
    private final Faults faults;
    private final @Nullable JsonPieces pieces;
    private final Steps steps;
    private final Map<String, JsonMember> members = new LinkedHashMap<>();
    private final Set<String> skimmed = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    /** How many bytes the parser has not been shown so far: its locations are too low by as many. */
    private int leftOut;

    private JsonMembers(
            byte[] body,
            int length,
            List<String> fields,
            JsonLimits limits,
            Faults faults,
            @Nullable JsonPieces pieces) {
        this.body = body;
        this.length = length;
        this.fields = fields;
        this.limits = limits;
        this.faults = faults;
        this.pieces = pieces;
        this.steps = new Steps(limits.checkpoint());
    }

    /**
     * Reads all of the body.
     *
     * @throws FaultException for the first thing that is wrong with grammar, limits or the body's type
     */
    static JsonMembers read(byte[] body, int length, List<String> fields, JsonLimits limits, Faults faults) {
        JsonMembers members = new JsonMembers(body, length, fields, limits, faults, null);
        try (JsonParser parser = Json.parser(body, 0, length)) {
            members.read(parser);
        } catch (JacksonException e) {
            throw JsonGrammar.fault(body, length);
        }
        return members;
    }

    /**
     * Reads the body but for arrays that may be ones of numbers: what is in these has yet to be checked, and until it is
     * they may not even end where they seem to. An exception only says that something is wrong with the body.
     */
    static JsonMembers skim(byte[] body, int length, List<String> fields, JsonLimits limits, Faults faults) {
        JsonPieces pieces = new JsonPieces(body, length);
        JsonMembers members = new JsonMembers(body, length, fields, limits, faults, pieces);
        try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), pieces)) {
            members.read(parser);
        }
        return members;
    }

    /** The members by their names. */
    Map<String, JsonMember> members() {
        return members;
    }

    /** The names of the arrays whose elements were left out, and have yet to be checked. */
    Set<String> skimmed() {
        return skimmed;
    }

    private void read(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw JsonGrammar.fault(body, length);
        }
        JsonMember root = first == JsonToken.START_OBJECT ? null : value(parser, "", first, 0);
        if (root == null) {
            readMembers(parser);
        }
        if (parser.nextToken() != null) {
            throw JsonGrammar.fault(body, length);
        }
        if (root != null) {
            throw new FaultException(
                    Fault.of(FaultCode.WRONG_TYPE, "the body must be an object, but is " + root.described()));
        }
    }

    private void readMembers(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            steps.take();
            String name = name(parser, "");
            JsonMember member = value(parser, name, parser.nextToken(), 1);
            if (!fields.contains(name)) {
                faults.add(() -> unknown(name));
            } else if (members.putIfAbsent(name, member) != null) {
                faults.add(() -> Fault.of(FaultCode.DUPLICATE_FIELD, name, name + " stands more than once"));
            }
        }
    }

    private Fault unknown(String name) {
        String detail = "unknown field " + Text.quote(name) + Text.suggestion(name, fields);
        return Fault.ofUnknown(FaultCode.UNKNOWN_FIELD, name, detail);
    }

    /**
     * Reads a value to its end, whatever it is, so that its grammar and limits are checked.
     *
     * @param outside levels of nesting around it
     */
    private JsonMember value(JsonParser parser, String name, JsonToken first, int outside) {
        int start = leftOut + (int) parser.currentTokenLocation().getByteOffset();
        if (!first.isStructStart()) {
            checkScalar(parser, name, first);
            return new JsonMember(first, parser.getString(), start, start, 1, 0, -1);
        }
        JsonMember skimmed = skimmed(parser, name, start);
        return skimmed != null ? skimmed : walked(parser, name, first, start, outside);
    }

    /** Leaves out the elements of an array that has just begun; null where that may not be done. */
    private @Nullable JsonMember skimmed(JsonParser parser, String name, int start) {
        if (pieces == null || pieces.position() != start + 1 || !fields.contains(name) || members.containsKey(name)) {
            return null;
        }
        JsonMember member = JsonSkim.array(body, start, length, Math.min(ROWS_DEPTH, limits.depth() - 1));
        if (member == null || member.scalars() > limits.elements()) {
            return null;
        }
        int last = member.end() - 1;
        leftOut += last - pieces.position();
        pieces.moveTo(last);
        parser.nextToken();
        skimmed.add(name);
        return member;
    }

    private JsonMember walked(JsonParser parser, String name, JsonToken first, int start, int outside) {
        int depth = 1;
        int scalars = 0;
        int length = 0;
        int firstLength = -1;
        while (depth > 0) {
            steps.take();
            JsonToken token = parser.nextToken();
            if (token.isStructEnd()) {
                depth--;
                continue;
            }
            if (depth == 1) {
                length++;
            } else if (depth == 2 && length == 1 && firstLength >= 0) {
                firstLength = firstLength == 0 && token == JsonToken.START_ARRAY ? -1 : firstLength + 1;
            }
            if (token.isStructStart()) {
                depth++;
                limits.requireDepth(name, outside + depth);
                if (depth == 2 && length == 1 && token == JsonToken.START_ARRAY) {
                    firstLength = 0;
                }
            } else if (token == JsonToken.PROPERTY_NAME) {
                name(parser, name);
            } else {
                checkScalar(parser, name, token);
                scalars++;
                limits.requireElements(name, scalars);
            }
        }
        int end = leftOut + (int) parser.currentLocation().getByteOffset();
        return new JsonMember(first, "", start, end, scalars, length, firstLength);
    }

    private void checkScalar(JsonParser parser, String member, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            string(parser.getString(), member);
        } else if (token.isNumeric()) {
            limits.requireNumber(member, parser.getStringLength());
        }
    }

    private String name(JsonParser parser, String member) {
        String name = string(parser.currentName(), member);
        if (names.add(name) && names.size() > MOST_NAMES) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    "the body has " + names.size()
                            + " or more different names of members, and was read no further; the limit is "
                            + MOST_NAMES));
        }
        return name;
    }

    /** RFC 8259 lets an escape name half a surrogate pair; what such a string means is unpredictable, so it is refused. */
    private String string(String text, String member) {
        limits.requireString(member, text.length());
        if (Text.hasLoneSurrogate(text)) {
            throw JsonGrammar.fault(body, length);
        }
        return text;
    }
}
