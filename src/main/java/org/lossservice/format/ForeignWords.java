package org.lossservice.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    private ForeignWords() {}

    /** What to say of the word that starts there; null where it is none of these. */
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
