package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lossservice.format.Text;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.springframework.web.util.UriUtils;

/**
 * The query parameters of a request, known by name, read as strictly as JSON is: numbers are written as there, nothing is
 * trimmed, and no parameter may stand twice. What is wrong is added to one {@link Faults}, and a fallback stands in for it.
 */
final class QueryParameters {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /** As numpy writes them. */
    private static final Map<String, Double> NOT_FINITE =
            Map.of("nan", Double.NaN, "inf", Double.POSITIVE_INFINITY, "-inf", Double.NEGATIVE_INFINITY);

    private final Map<String, String> values = new HashMap<>();
    private final Faults faults;

    /**
     * Takes the parameters of {@code request}; those that are not known or stand twice are faults.
     *
     * @param known the parameters there may be
     * @param tensors what is sent as tensors of the body and not as parameters
     * @param faults receives what is wrong, here and in the methods that follow
     */
    QueryParameters(HttpServletRequest request, List<String> known, List<String> tensors, Faults faults) {
        this.faults = faults;
        request.getParameterMap().forEach((name, all) -> {
            if (!known.contains(name)) {
                String hint = Text.suggestion(name, known, tensors, "a tensor of the body");
                faults.add(() -> Fault.ofUnknown(
                        FaultCode.UNKNOWN_PARAMETER, name, "unknown query parameter " + Text.quote(name) + hint));
                return;
            }
            if (all.length > 1) {
                faults.add(Fault.of(FaultCode.DUPLICATE_FIELD, name, name + " stands " + all.length + " times"));
            }
            values.put(name, all[0]);
        });
    }

    /** What is wrong with a query that the container could not decode. */
    static Fault undecodable(String query) {
        for (String parameter : query.split("&", -1)) {
            String name = parameter.split("=", 2)[0];
            if (name.isEmpty() && !parameter.isEmpty()) {
                return Fault.of(FaultCode.MALFORMED_REQUEST, "a query parameter has no name");
            }
            if (!isDecodable(parameter)) {
                String detail = "the query parameter " + Text.quote(name)
                        + " is not percent-encoded UTF-8, in which % itself is written %25";
                return Fault.ofUnknown(FaultCode.MALFORMED_REQUEST, name, detail);
            }
        }
        return Fault.of(FaultCode.MALFORMED_REQUEST, "the query string cannot be decoded");
    }

    private static boolean isDecodable(String text) {
        try {
            byte[] bytes = UriUtils.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }

    /** An integer in [min, max]. */
    int integer(String name, int fallback, int min, int max) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        if (!INTEGER.matcher(value).matches()) {
            wrongType(name, "an integer", value);
            return fallback;
        }
        // with more digits than a long has, it is in no range
        long number = value.length() > 18 ? Long.MIN_VALUE : Long.parseLong(value);
        if (number < min || number > max) {
            faults.add(Fault.of(
                    FaultCode.OUT_OF_RANGE,
                    name,
                    name + " " + Text.quote(value) + " is not in [" + min + ", " + max + "]"));
            return fallback;
        }
        return (int) number;
    }

    /**
     * A number, rounded once to {@code dtype}.
     *
     * @param finite whether NaN and infinities are refused; they are written {@code nan}, {@code inf} and {@code -inf}
     * @param longest the most characters of one number
     * @throws FaultException {@code TOO_LARGE} where there are more
     */
    double number(String name, DType dtype, double fallback, boolean finite, int longest) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        if (value.length() > longest) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    name,
                    name + " has " + value.length() + " characters, the limit is " + longest
                            + " (loss.limits.number-length)"));
        }
        Double special = NOT_FINITE.get(value);
        if (special != null) {
            if (finite) {
                faults.add(Fault.of(
                        FaultCode.NOT_FINITE,
                        name,
                        name + " is " + value + "; only finite numbers are taken, unless non_finite is propagate"));
            }
            return special;
        }
        if (!NUMBER.matcher(value).matches()) {
            wrongType(name, finite ? "a number" : "a number, nan, inf or -inf", value);
            return fallback;
        }
        double number = dtype == DType.FLOAT32 ? Float.parseFloat(value) : Double.parseDouble(value);
        if (Double.isInfinite(number)) {
            faults.add(Fault.of(FaultCode.OUT_OF_RANGE, name, Text.tooLarge(value, dtype)));
        }
        return number;
    }

    /** {@code true} or {@code false}. */
    boolean flag(String name, boolean fallback) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        if (!value.equals("true") && !value.equals("false")) {
            wrongType(name, "true or false", value);
            return fallback;
        }
        return value.equals("true");
    }

    /** One of {@code values}, by its text; null where it is none of them. */
    <E extends Enum<E>> @Nullable E choice(String name, E[] choices, E fallback) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        List<String> texts = Arrays.stream(choices).map(Enum::toString).toList();
        int index = texts.indexOf(value);
        if (index < 0) {
            faults.add(Fault.of(
                    FaultCode.OUT_OF_RANGE,
                    name,
                    name + " " + Text.quote(value) + " is none of " + String.join(", ", texts)));
            return null;
        }
        return choices[index];
    }

    /** A string of at most {@code maxCharacters} code points; null where it is not there. */
    @Nullable
    String text(String name, int maxCharacters) {
        String value = values.get(name);
        int characters = value == null ? 0 : value.codePointCount(0, value.length());
        if (characters > maxCharacters) {
            faults.add(Fault.of(
                    FaultCode.OUT_OF_RANGE,
                    name,
                    name + " has " + characters + " characters, " + maxCharacters + " are allowed"));
        }
        return value;
    }

    private void wrongType(String name, String expected, String value) {
        String hint = value.indexOf(' ') >= 0 ? " (in a URL + means a blank, and %2B means +)" : "";
        faults.add(Fault.of(
                FaultCode.WRONG_TYPE, name, name + " must be " + expected + ", but is " + Text.quote(value) + hint));
    }
}
