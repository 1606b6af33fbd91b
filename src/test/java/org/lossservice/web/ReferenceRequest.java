package org.lossservice.web;

import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Batch;
import org.lossservice.loss.Convention;
import org.lossservice.loss.MultiMarginLoss;
import org.lossservice.loss.NonFinite;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;
import org.lossservice.web.ReferenceJson.ArrayValue;
import org.lossservice.web.ReferenceJson.Literal;
import org.lossservice.web.ReferenceJson.Member;
import org.lossservice.web.ReferenceJson.NumberValue;
import org.lossservice.web.ReferenceJson.ObjectValue;
import org.lossservice.web.ReferenceJson.StringValue;
import org.lossservice.web.ReferenceJson.Value;

/** What the documentation says of a JSON request, read plainly from a tree: everything that is wrong, or the request. */
final class ReferenceRequest {

    private static final Set<String> KNOWN = Set.of(
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
            "return_weight_gradient");

    /** What is wrong, as "code pointer". */
    final List<String> faults = new ArrayList<>();

    private final Map<String, Value> fields = new LinkedHashMap<>();
    private boolean single = true;

    ReferenceRequest(Value body) {
        if (!(body instanceof ObjectValue object)) {
            faults.add("wrong_type #");
            return;
        }
        for (Member member : object.members()) {
            if (!KNOWN.contains(member.name())) {
                fault("unknown_field", member.name().length() > 64 ? "#" : "#/" + fragment(member.name()));
            } else if (fields.putIfAbsent(member.name(), member.value()) != null) {
                fault("duplicate_field", "#/" + member.name());
            }
        }
        scalars();
        tensors();
    }

    private void scalars() {
        for (String name : List.of("input", "label")) {
            if (!fields.containsKey(name)) {
                fault("missing_field", "#/" + name);
            }
        }
        choice("dtype", "float32", "float64");
        choice("reduction", "none", "mean", "sum");
        choice("convention", "documented", "pytorch", "paddle");
        single = !fields.containsKey("dtype") || text("dtype").equals("float32");
        for (String name : List.of("return_gradient", "return_weight_gradient")) {
            if (fields.containsKey(name)
                    && !(fields.get(name) instanceof Literal(String text) && !text.equals("null"))) {
                fault("wrong_type", "#/" + name);
            }
        }
        Value p = fields.get("p");
        if (p != null) {
            if (!(p instanceof NumberValue number) || !number.isInteger()) {
                fault("wrong_type", "#/p");
            } else if (!between(number, 1, Integer.MAX_VALUE)) {
                fault("out_of_range", "#/p");
            }
        }
        Value margin = fields.get("margin");
        if (margin != null) {
            number(margin, "#/margin");
        }
        Value name = fields.get("name");
        if (name != null && !(name instanceof StringValue)) {
            fault("wrong_type", "#/name");
        } else if (name instanceof StringValue(String text) && text.codePointCount(0, text.length()) > 128) {
            fault("out_of_range", "#/name");
        }
    }

    private void tensors() {
        matrix();
        labels();
        if (!(fields.get("weight") instanceof Literal(String text) && text.equals("null"))) {
            vector("weight");
            length("weight", columns());
        }
        vector("grad_output");
        if (text("reduction").equals("none")) {
            length("grad_output", rows());
        } else if (Set.of("", "mean", "sum").contains(text("reduction")) && !wrong("reduction")) {
            length("grad_output", 1);
        }
        length("label", rows());
    }

    private void matrix() {
        Value value = fields.get("input");
        if (value == null) {
            return;
        }
        if (!(value instanceof ArrayValue(List<Value> rows))) {
            fault("wrong_type", "#/input");
        } else if (rows.isEmpty() || rows.getFirst() instanceof NumberValue || hasRowsOfArrays(rows)) {
            fault("wrong_shape", "#/input");
        } else {
            int width = 0;
            for (int i = 0; i < rows.size(); i++) {
                if (!(rows.get(i) instanceof ArrayValue(List<Value> row))) {
                    fault("wrong_type", "#/input/" + i);
                    continue;
                }
                width = width == 0 ? row.size() : width;
                if (row.isEmpty() || row.size() != width) {
                    fault("wrong_shape", "#/input/" + i);
                }
                for (int j = 0; j < row.size(); j++) {
                    number(row.get(j), "#/input/" + i + "/" + j);
                }
            }
        }
    }

    /** Whether the first value of the first row is an array: there are too many dimensions. */
    private static boolean hasRowsOfArrays(List<Value> rows) {
        return rows.getFirst() instanceof ArrayValue(List<Value> row)
                && !row.isEmpty()
                && row.getFirst() instanceof ArrayValue;
    }

    /** N, or 0 where input is no array whose first value is a row. */
    private int rows() {
        return fields.get("input") instanceof ArrayValue(List<Value> rows)
                        && !rows.isEmpty()
                        && rows.getFirst() instanceof ArrayValue
                        && !hasRowsOfArrays(rows)
                ? rows.size()
                : 0;
    }

    /** C, or 0 where it cannot be known. */
    private int columns() {
        return rows() > 0
                        && fields.get("input") instanceof ArrayValue(List<Value> rows)
                        && rows.getFirst() instanceof ArrayValue(List<Value> row)
                ? row.size()
                : 0;
    }

    private void labels() {
        Value value = fields.get("label");
        if (value == null) {
            return;
        }
        if (!(value instanceof ArrayValue(List<Value> labels))) {
            fault("wrong_type", "#/label");
            return;
        }
        int classes = columns() > 0 ? columns() : Integer.MAX_VALUE;
        for (int i = 0; i < labels.size(); i++) {
            if (!(labels.get(i) instanceof NumberValue number) || !number.isInteger()) {
                fault("wrong_type", "#/label/" + i);
            } else if (!between(number, 0, classes - 1)) {
                fault("out_of_range", "#/label/" + i);
            }
        }
    }

    private void vector(String name) {
        Value value = fields.get(name);
        if (value == null) {
            return;
        }
        if (!(value instanceof ArrayValue(List<Value> values))) {
            fault("wrong_type", "#/" + name);
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            number(values.get(i), "#/" + name + "/" + i);
        }
    }

    private void length(String name, int expected) {
        if (expected > 0 && fields.get(name) instanceof ArrayValue(List<Value> values) && values.size() != expected) {
            fault("wrong_shape", "#/" + name);
        }
    }

    private void choice(String name, String... known) {
        Value value = fields.get(name);
        if (value == null) {
            return;
        }
        if (!(value instanceof StringValue(String text))) {
            fault("wrong_type", "#/" + name);
        } else if (!List.of(known).contains(text)) {
            fault("out_of_range", "#/" + name);
        }
    }

    private void number(Value value, String pointer) {
        if (!(value instanceof NumberValue(String text))) {
            fault("wrong_type", pointer);
        } else if (single ? Float.isInfinite(Float.parseFloat(text)) : Double.isInfinite(Double.parseDouble(text))) {
            fault("out_of_range", pointer);
        }
    }

    private static boolean between(NumberValue number, long least, long most) {
        BigInteger value = new BigInteger(number.text());
        return value.compareTo(BigInteger.valueOf(least)) >= 0 && value.compareTo(BigInteger.valueOf(most)) <= 0;
    }

    private boolean wrong(String name) {
        return faults.contains("wrong_type #/" + name) || faults.contains("out_of_range #/" + name);
    }

    private String text(String name) {
        return fields.get(name) instanceof StringValue(String text) ? text : "";
    }

    private void fault(String code, String pointer) {
        faults.add(code + " " + pointer);
    }

    /** The pointer of RFC 6901 as a fragment of RFC 3986, for the characters that tests use. */
    private static String fragment(String name) {
        String token = name.replace("~", "~0").replace("/", "~1");
        StringBuilder fragment = new StringBuilder();
        token.codePoints().forEach(c -> {
            String one = Character.toString(c);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~!$&'()*+,;=:@/?".contains(one));
            fragment.append(
                    plain
                            ? one
                            : URLEncoder.encode(one, StandardCharsets.UTF_8)
                                    .replace("+", "%20")
                                    .replace("*", "%2A"));
        });
        return fragment.toString();
    }

    /** The request, where nothing is wrong with it. */
    MultiMarginRequest request() {
        FloatingTensor input = tensor(fields.get("input"), Shape.matrix(rows(), columns()));
        List<Value> labels = ((ArrayValue) fields.getOrDefault("label", new ArrayValue(List.of()))).values();
        int[] classes = labels.stream()
                .mapToInt(label -> Integer.parseInt(((NumberValue) label).text()))
                .toArray();
        Value weight = fields.get("weight") instanceof ArrayValue array ? array : null;
        Value gradOutput = fields.get("grad_output");
        String margin = ((NumberValue) fields.getOrDefault("margin", new NumberValue("1"))).text();
        return new MultiMarginRequest(
                new MultiMarginLoss(
                        Integer.parseInt(((NumberValue) fields.getOrDefault("p", new NumberValue("1"))).text()),
                        single ? Float.parseFloat(margin) : Double.parseDouble(margin),
                        weight == null ? null : tensor(weight, Shape.vector(columns())),
                        constant(Reduction.values(), text("reduction"), Reduction.MEAN),
                        constant(Convention.values(), text("convention"), Convention.DOCUMENTED)),
                new Batch(
                        input,
                        Labels.of(classes, columns()),
                        gradOutput == null
                                ? null
                                : tensor(
                                        gradOutput,
                                        Shape.vector(((ArrayValue) gradOutput)
                                                .values()
                                                .size()))),
                null,
                flag("return_gradient", true),
                flag("return_weight_gradient", false),
                NonFinite.ERROR);
    }

    private boolean flag(String name, boolean fallback) {
        return fields.get(name) instanceof Literal(String text) ? text.equals("true") : fallback;
    }

    private static <E extends Enum<E>> E constant(E[] values, String text, E fallback) {
        for (E value : values) {
            if (value.toString().equals(text)) {
                return value;
            }
        }
        return fallback;
    }

    private FloatingTensor tensor(@Nullable Value value, Shape shape) {
        List<String> texts = new ArrayList<>();
        collect(value, texts);
        if (single) {
            float[] array = new float[texts.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = Float.parseFloat(texts.get(i));
            }
            return new Float32Tensor(array, shape);
        }
        return new Float64Tensor(texts.stream().mapToDouble(Double::parseDouble).toArray(), shape);
    }

    private static void collect(@Nullable Value value, List<String> texts) {
        switch (value) {
            case ArrayValue(List<Value> values) -> values.forEach(one -> collect(one, texts));
            case NumberValue(String text) -> texts.add(text);
            case null, default -> throw new IllegalStateException("faults were overlooked");
        }
    }
}
