package org.lossservice.format;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import tools.jackson.core.JsonToken;

/**
 * A JSON object whose members are known by name, read strictly: nothing is coerced from one type to another. What is wrong
 * is added to one {@link Faults}, and a fallback stands in for it, so that everything wrong is found in one reading.
 *
 * <p>Members come in any order, so arrays are kept as spans of the body and read when the dtype is known.
 */
public final class JsonObject {

    private final byte[] body;
    private final JsonLimits limits;
    private final JsonSource members;
    private final Faults faults;

    private JsonObject(byte[] body, JsonLimits limits, JsonSource members, Faults faults) {
        this.body = body;
        this.limits = limits;
        this.members = members;
        this.faults = faults;
    }

    /**
     * Reads the first {@code length} bytes of {@code body}, which must not change while the object is in use.
     *
     * @param fields the members there may be
     * @param faults receives what is wrong, here and in the methods of the object
     * @throws FaultException {@code MALFORMED_JSON} where the text is not JSON in UTF-8, {@code TOO_LARGE} where it exceeds
     *     a limit, {@code WRONG_TYPE} where it is not an object; the methods that read arrays throw the first two as well
     */
    public static JsonObject read(byte[] body, int length, List<String> fields, JsonLimits limits, Faults faults) {
        Json.requireUtf8(body, length);
        return new JsonObject(body, limits, new JsonSource(body, length, fields, limits, faults), faults);
    }

    /**
     * Ends the reading.
     *
     * @throws FaultException with all that is wrong
     */
    public void finish() {
        members.check();
        faults.throwIfAny();
    }

    /** Whether the member is there, with a value other than null. */
    public boolean has(String name) {
        JsonMember member = members.get(name);
        return member != null && member.token() != JsonToken.VALUE_NULL;
    }

    /** How many values the array of that name holds, right or wrong; -1 where there is no such array. */
    public int length(String name) {
        JsonMember member = members.get(name);
        return member == null || member.token() != JsonToken.START_ARRAY ? -1 : member.length();
    }

    /** How many values the first row of that array holds, right or wrong; -1 where that is no row. */
    public int columns(String name) {
        JsonMember member = members.get(name);
        return member == null || member.token() != JsonToken.START_ARRAY ? -1 : member.firstLength();
    }

    /** An integer in [min, max] of a member that may be left out. */
    public int integer(String name, int fallback, int min, int max) {
        JsonMember member = members.get(name);
        if (member == null) {
            return fallback;
        }
        if (member.token() != JsonToken.VALUE_NUMBER_INT) {
            wrongType(name, "an integer", member);
            return fallback;
        }
        BigInteger value = member.integer();
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            String shown = Text.number(member.text());
            faults.add(Fault.of(
                    FaultCode.OUT_OF_RANGE, name, name + " " + shown + " is not in [" + min + ", " + max + "]"));
            return fallback;
        }
        return value.intValue();
    }

    /** A number, rounded once to {@code dtype}, of a member that may be left out. */
    public double number(String name, DType dtype, double fallback) {
        JsonMember member = members.get(name);
        if (member == null) {
            return fallback;
        }
        if (!member.token().isNumeric()) {
            wrongType(name, "a number", member);
            return fallback;
        }
        double value = dtype == DType.FLOAT32 ? Float.parseFloat(member.text()) : Double.parseDouble(member.text());
        if (!Double.isFinite(value)) {
            faults.add(Fault.of(FaultCode.OUT_OF_RANGE, name, Text.tooLarge(member.text(), dtype)));
            return fallback;
        }
        return value;
    }

    /** A boolean of a member that may be left out. */
    public boolean flag(String name, boolean fallback) {
        JsonMember member = members.get(name);
        if (member == null) {
            return fallback;
        }
        if (!member.token().isBoolean()) {
            wrongType(name, "true or false", member);
            return fallback;
        }
        return member.token() == JsonToken.VALUE_TRUE;
    }

    /** One of {@code values}, by its text, of a member that may be left out; null where it is none of them. */
    public <E extends Enum<E>> @Nullable E choice(String name, E[] values, E fallback) {
        JsonMember member = members.get(name);
        if (member == null) {
            return fallback;
        }
        if (member.token() != JsonToken.VALUE_STRING) {
            wrongType(name, "one of " + quoted(values), member);
            return null;
        }
        for (E value : values) {
            if (value.toString().equals(member.text())) {
                return value;
            }
        }
        faults.add(Fault.of(
                FaultCode.OUT_OF_RANGE,
                name,
                name + " " + Text.quote(member.text()) + " is none of " + quoted(values)));
        return null;
    }

    /** A string of at most {@code maxCharacters} code points, of a member that may be left out. */
    public @Nullable String text(String name, int maxCharacters) {
        JsonMember member = members.get(name);
        if (member == null) {
            return null;
        }
        if (member.token() != JsonToken.VALUE_STRING) {
            wrongType(name, "a string", member);
            return null;
        }
        int characters = member.text().codePointCount(0, member.text().length());
        if (characters > maxCharacters) {
            faults.add(Fault.of(
                    FaultCode.OUT_OF_RANGE,
                    name,
                    name + " has " + characters + " characters, " + maxCharacters + " are allowed"));
        }
        return member.text();
    }

    /** Adds a fault where the member is not there. */
    public void require(String name, String description) {
        if (members.get(name) == null) {
            faults.add(Fault.of(FaultCode.MISSING_FIELD, name, name + " is missing: " + description));
        }
    }

    /** An array of rows of numbers, shape [N, C] with N and C at least 1; null where it is not there or at fault. */
    public @Nullable FloatingTensor matrix(String name, DType dtype) {
        return array(name, "an array of rows, [[…], …]", scan -> scan.matrix(dtype), numbers -> numbers.matrix(dtype));
    }

    /** A flat array of numbers, shape [n]; null where it is not there or at fault. */
    public @Nullable FloatingTensor vector(String name, DType dtype) {
        return array(name, "an array of numbers", scan -> scan.vector(dtype), numbers -> numbers.vector(dtype));
    }

    /**
     * A flat array of classes; null where it is not there or at fault.
     *
     * @param classes C, or less than 1 where it could not be learned
     */
    public @Nullable Labels labels(String name, int classes) {
        return array(
                name,
                "an array of integers, one for each row (in R: I(label))",
                scan -> scan.labels(classes),
                numbers -> numbers.labels(classes));
    }

    private <T> @Nullable T array(
            String name,
            String expected,
            Function<NumberScan, @Nullable T> quick,
            Function<JsonNumbers, @Nullable T> thorough) {
        JsonMember member = members.get(name);
        if (member == null) {
            return null;
        }
        if (member.token() != JsonToken.START_ARRAY) {
            boolean object = member.token() == JsonToken.START_OBJECT;
            wrongType(name, expected, member, object ? ForeignWords.hint(member.token(), "") : "");
            return null;
        }
        T array = quick.apply(new NumberScan(body, member, limits));
        if (array != null) {
            members.confirm(name);
            return array;
        }
        members.check();
        return thorough.apply(new JsonNumbers(body, members.require(name), name, limits, faults));
    }

    private void wrongType(String name, String expected, JsonMember member) {
        wrongType(name, expected, member, "");
    }

    private void wrongType(String name, String expected, JsonMember member, String hint) {
        String detail = name + " must be " + expected + ", but is " + member.described() + hint;
        faults.add(Fault.of(FaultCode.WRONG_TYPE, name, detail));
    }

    private static String quoted(Enum<?>[] values) {
        return Arrays.stream(values).map(value -> "\"" + value + "\"").collect(Collectors.joining(", "));
    }
}
