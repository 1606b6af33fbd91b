package org.lossservice.format;

import java.util.Collection;
import java.util.Locale;
import org.lossservice.tensor.DType;

/** Words for messages about what a client sent: quoted within bounds, and the known name that was probably meant. */
public final class Text {

    private static final int QUOTED = 40;
    private static final int NUMBER = 24;

    private Text() {}

    /** {@code text} between quotes, cut where it is long, with control characters made visible. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int end = text.offsetByCodePoints(0, Math.min(QUOTED, text.codePointCount(0, text.length())));
        text.codePoints().limit(QUOTED).forEach(c -> quoted.appendCodePoint(printable(c) ? c : '\uFFFD'));
        return quoted.append(end < text.length() ? "…\"" : "\"").toString();
    }

    /** A number's text, cut where it is long. */
    static String number(String text) {
        return text.length() <= NUMBER ? text : text.substring(0, NUMBER) + "…";
    }

    /** That a number is too large for a dtype. */
    public static String tooLarge(String number, DType dtype) {
        return number(number) + " is too large for " + dtype + ", whose largest number is " + dtype.maxText();
    }

    /** Whether half of a surrogate pair stands alone: what such a string means is unpredictable (RFC 8259, 8.2). */
    static boolean hasLoneSurrogate(String text) {
        // the iteration pairs surrogates, so one that is left over stands alone
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** {@code "; did you mean x?"} where a known name is near enough to have been meant, else which names there are. */
    public static String suggestion(String name, Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int longer = Math.max(candidate.length(), name.length());
            // a third, rounded: so that no name of one letter is near another
            int most = (longer + 1) / 3;
            // a difference in length is a lower bound; it also keeps a hostile name from costing anything
            if (longer - Math.min(candidate.length(), name.length()) > most) {
                continue;
            }
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate);
            if (distance <= most && distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? "; known are " + String.join(", ", known) : "; did you mean " + nearest + "?";
    }

    /** As {@link #suggestion(String, Collection)}, but where a name that is known elsewhere belongs, which {@code place} says. */
    public static String suggestion(String name, Collection<String> known, Collection<String> elsewhere, String place) {
        return elsewhere.contains(name) ? "; send it as " + place : suggestion(name, known);
    }

    /** The Levenshtein distance: the least number of characters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
