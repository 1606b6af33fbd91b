package org.lossservice.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Valid requests, and what becomes of them when bytes, tokens, structure or fields are changed. Seeded. */
final class JsonMutations {

    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[-+.0-9eE]+|[a-z]+|[\\[\\]{}:,]|\\s+");

    private static final List<String> TOKENS = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "null",
            "true",
            "false",
            "nul",
            "True",
            "None",
            "undefined",
            "01",
            "-01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e",
            "1e+",
            "1E5",
            "-0",
            "-0.0",
            "0x1F",
            "1_000",
            "1e39",
            "3.4028235677973366e38",
            "1e400",
            "-1e309",
            "1e-400",
            "0.1",
            "1.0",
            "1e0",
            "2147483648",
            "-1",
            "99999999999999999999",
            "1,1",
            "\"1\"",
            "\"\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\x\"",
            "\"\\u12\"",
            "'a'",
            "\"mean\"",
            "\"sum\"",
            "\"none\"",
            "\"float64\"",
            "\"pytorch\"",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "[]",
            "{}",
            "[[]]",
            "[1,2]",
            "{\"a\":1}",
            " ",
            "\t",
            "\n",
            "\r",
            "\f",
            "\u00a0",
            "\u2028",
            "/**/",
            "//",
            "#",
            "\uFEFF",
            "1 2",
            "\\",
            "\"",
            "é",
            "😀",
            "\"é😀\"",
            "\"\\ud83d\\ude00\"");

    private static final List<String> NAMES = List.of(
            "input",
            "label",
            "p",
            "margin",
            "weight",
            "reduction",
            "name",
            "dtype",
            "convention",
            "grad_output",
            "return_gradient",
            "return_weight_gradient",
            "wieght",
            "labels",
            "a/b~c",
            "é",
            "a b",
            "",
            "x\\ny",
            "INPUT");

    private final Random random;

    JsonMutations(long seed) {
        this.random = new Random(seed);
    }

    /** A body: now and then a valid request, mostly one with some changes. */
    byte[] next() {
        String valid = request();
        return switch (random.nextInt(8)) {
            case 0 -> valid.getBytes(StandardCharsets.UTF_8);
            case 1, 2 -> bytes(valid.getBytes(StandardCharsets.UTF_8));
            case 3, 4 -> tokens(valid).getBytes(StandardCharsets.UTF_8);
            case 5, 6 -> fields(valid).getBytes(StandardCharsets.UTF_8);
            default -> structure(valid).getBytes(StandardCharsets.UTF_8);
        };
    }

    private String request() {
        int rows = 1 + random.nextInt(4);
        int columns = 1 + random.nextInt(4);
        boolean none = random.nextInt(3) == 0;
        List<String> members = new ArrayList<>();
        List<String> input = new ArrayList<>();
        List<String> label = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            input.add(numbers(columns));
            label.add(Integer.toString(random.nextInt(columns)));
        }
        members.add("\"input\":" + list(input));
        members.add("\"label\":" + list(label));
        maybe(members, "\"p\":" + (1 + random.nextInt(3)));
        maybe(members, "\"margin\":" + number());
        maybe(members, "\"weight\":" + (random.nextInt(4) == 0 ? "null" : numbers(columns)));
        if (none) {
            members.add("\"reduction\":\"none\"");
        } else {
            maybe(members, "\"reduction\":" + pick(List.of("\"mean\"", "\"sum\"")));
        }
        maybe(members, "\"grad_output\":" + numbers(none ? rows : 1));
        maybe(members, "\"name\":" + pick(List.of("\"a\"", "\"\"", "\"é😀\"", "\"\\u00e9\\n\"")));
        maybe(members, "\"dtype\":" + pick(List.of("\"float32\"", "\"float64\"")));
        maybe(members, "\"convention\":" + pick(List.of("\"documented\"", "\"pytorch\"", "\"paddle\"")));
        maybe(members, "\"return_gradient\":" + random.nextBoolean());
        maybe(members, "\"return_weight_gradient\":" + random.nextBoolean());
        for (int i = members.size(); i > 1; i--) {
            Collections.swap(members, i - 1, random.nextInt(i));
        }
        String gap = pick(List.of("", "", " ", "\n\t", "\r\n"));
        return "{" + gap + String.join("," + gap, members) + gap + "}";
    }

    private void maybe(List<String> members, String member) {
        if (random.nextInt(3) == 0) {
            members.add(member);
        }
    }

    private String numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(number());
        }
        return list(numbers);
    }

    private static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }

    private String number() {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(21) - 10);
            case 1 -> Float.toString((float) random.nextGaussian());
            case 2 -> Double.toString(random.nextGaussian());
            case 3 -> random.nextInt(100) + "." + random.nextInt(100) + "e" + (random.nextInt(7) - 3);
            case 4 -> "0." + (random.nextLong() >>> 1) + (random.nextLong() >>> 1);
            default -> Float.toString(Float.intBitsToFloat(random.nextInt() & 0xBFFF_FFFF));
        };
    }

    private byte[] bytes(byte[] body) {
        byte[] changed = body;
        for (int n = 1 + random.nextInt(3); n > 0 && changed.length > 0; n--) {
            int at = random.nextInt(changed.length);
            int to = at + random.nextInt(Math.min(8, changed.length - at) + 1);
            changed = switch (random.nextInt(6)) {
                case 0 -> Arrays.copyOf(changed, at);
                case 1 -> splice(changed, at, at + 1, new byte[] {(byte) (changed[at] ^ 1 << random.nextInt(8))});
                case 2 -> splice(changed, at, at, new byte[] {(byte) random.nextInt(256)});
                case 3 -> splice(changed, at, to, new byte[0]);
                case 4 -> splice(changed, at, at, Arrays.copyOfRange(changed, at, to));
                default -> splice(changed, at, at + 1, new byte[] {(byte) random.nextInt(128)});
            };
        }
        return changed;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
        byte[] spliced = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(with, 0, spliced, from, with.length);
        System.arraycopy(bytes, to, spliced, from + with.length, bytes.length - to);
        return spliced;
    }

    private String tokens(String body) {
        List<String> tokens = new ArrayList<>(
                TOKEN.matcher(body).results().map(m -> m.group()).toList());
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            int at = random.nextInt(tokens.size());
            switch (random.nextInt(4)) {
                case 0 -> tokens.set(at, pick(TOKENS));
                case 1 -> tokens.add(at, pick(TOKENS));
                case 2 -> tokens.remove(at);
                default -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
            }
        }
        return String.join("", tokens);
    }

    private String fields(String body) {
        String member = "\"" + pick(NAMES) + "\":" + (random.nextBoolean() ? pick(TOKENS) : number());
        return switch (random.nextInt(3)) {
            case 0 -> "{" + member + "," + body.substring(1);
            case 1 -> body.substring(0, body.length() - 1) + "," + member + "}";
            default ->
                body.replaceFirst(
                        "\"" + pick(NAMES.subList(0, 12)) + "\"",
                        "\"" + pick(NAMES).replace("\\", "\\\\") + "\"");
        };
    }

    private String structure(String body) {
        return switch (random.nextInt(7)) {
            case 0 -> "[" + body + "]";
            case 1 -> body + pick(List.of(" ", "\n", "{}", body, "]", "x", "\u0000"));
            case 2 -> {
                int depth = random.nextInt(40);
                yield "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "," + body.substring(1);
            }
            case 3 -> "{\"x\":" + body + "," + body.substring(1);
            case 4 -> body.replaceFirst("\\[\\[", "[");
            case 5 -> body.replaceFirst(",", "],[");
            default -> body.replaceFirst("([0-9.]+)", pick(List.of("[$1]", "{\"a\":$1}", "\"$1\"", "$1,$1", "$10")));
        };
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
