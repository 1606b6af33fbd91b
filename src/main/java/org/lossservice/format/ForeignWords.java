package org.lossservice.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** What other languages write where JSON has something else, and what to say of it. */
final class ForeignWords {

    private static final Map<String, String> WORDS = Map.of(
            "None", "None is not JSON; write null",
            "True", "True is not JSON; write true",
            "False", "False is not JSON; write false",
            "undefined", "undefined is not JSON",
            "'", "strings stand between double quotes",
            "/", "JSON has no comments");

    /** In any case, with or without a minus; the longer before the one that it starts with. */
    private static final List<String> NUMBERS = List.of("nan", "infinity", "inf");

    /** The strings that writers of JSON in other languages make of numbers that JSON does not have. */
    private static final Set<String> NOT_FINITE =
            Set.of("NaN", "NA", "Inf", "-Inf", "Infinity", "-Infinity", "inf", "nan");

    private ForeignWords() {}

    /** What to say of a value that stands where a number or an array of them belongs; empty where nothing helps. */
    static String hint(JsonToken token, String text) {
        return switch (token) {
            case VALUE_NULL -> " (JavaScript writes NaN and Infinity so, R writes NA)";
            case START_OBJECT -> " (JavaScript writes typed arrays so; Array.from makes arrays of them)";
            case VALUE_STRING -> NOT_FINITE.contains(text) ? "; only finite numbers are taken" : "";
            default -> "";
        };
    }

    /** What to say of the word that starts at {@code start}; null where it is none of these. */
    static @Nullable String at(byte[] body, int start, int length) {
        for (Map.Entry<String, String> word : WORDS.entrySet()) {
            if (text(body, start, length, word.getKey().length()).equals(word.getKey())) {
                return word.getValue();
            }
        }
        int sign = start < length && body[start] == '-' ? 1 : 0;
        for (String number : NUMBERS) {
            String found = text(body, start, length, sign + number.length());
            if (found.substring(Math.min(sign, found.length())).equalsIgnoreCase(number)) {
                return found
                        + " is not JSON (Python's json writes NaN and Infinity unless allow_nan=False); only finite numbers"
                        + " are taken here, and the binary route has non_finite=propagate";
            }
        }
        return null;
    }

    private static String text(byte[] body, int start, int length, int size) {
        return new String(body, start, Math.min(size, length - start), StandardCharsets.ISO_8859_1);
    }
}
