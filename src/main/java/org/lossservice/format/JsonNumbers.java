package org.lossservice.format;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one array of the body, known to be well-formed JSON, into one flat primitive array. */
final class JsonNumbers {

    /** Stands for the column of an element that has only one index. */
    private static final int VECTOR = -1;

    private final byte[] body;
    private final JsonMember member;
    private final String name;
    private final Faults faults;
    private final Steps steps;

    JsonNumbers(byte[] body, JsonMember member, String name, JsonLimits limits, Faults faults) {
        this.body = body;
        this.member = member;
        this.name = name;
        this.faults = faults;
        this.steps = new Steps(limits.checkpoint());
    }

    /** Rows of equal length, [N, C]; null where anything is wrong. */
    @Nullable
    FloatingTensor matrix(DType dtype) {
        long before = faults.total();
        JsonElements elements = JsonElements.of(dtype, member.scalars());
        int rows = 0;
        // C is the length of the first row that has any; an empty one is a fault of its own
        int columns = 0;
        int first = 0;
        try (JsonParser parser = open()) {
            for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
                if (rows == 0 && hasOtherRank(token)) {
                    faults.add(otherRank(token));
                    return null;
                }
                if (token != JsonToken.START_ARRAY) {
                    wrongType(List.of(rows++), "a row, [number, …]", token, parser);
                    continue;
                }
                int length = row(parser, dtype, elements, rows);
                if (columns == 0) {
                    columns = length;
                    first = rows;
                }
                checkLength(rows, length, first, columns);
                rows++;
            }
        }
        if (rows == 0) {
            wrongShape(List.of(), name + " has no rows; at least one is needed");
        }
        return faults.total() > before ? null : elements.tensor(Shape.matrix(rows, columns));
    }

    private int row(JsonParser parser, DType dtype, JsonElements elements, int row) {
        int column = 0;
        for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
            element(parser, token, dtype, elements, row, column);
            column++;
        }
        return column;
    }

    private void checkLength(int row, int length, int first, int columns) {
        if (length == 0) {
            wrongShape(List.of(row), "row " + row + " of " + name + " is empty; at least one number is needed");
        } else if (length != columns) {
            wrongShape(
                    List.of(row),
                    "row " + row + " of " + name + " has " + numbers(length) + ", row " + first + " has "
                            + numbers(columns));
        }
    }

    /** Whether the first value is a number, or an array of arrays: the one cause of all that is wrong with the values. */
    private boolean hasOtherRank(JsonToken first) {
        return first.isNumeric() || (first == JsonToken.START_ARRAY && member.firstLength() < 0);
    }

    private Fault otherRank(JsonToken first) {
        return Fault.of(
                FaultCode.WRONG_SHAPE,
                name,
                name + " must have two dimensions, [N, C]"
                        + (first.isNumeric()
                                ? "; write a single sample as one row: [[…]]"
                                : ", but its rows hold arrays"));
    }

    /** A flat array, [n]; null where anything is wrong. */
    @Nullable
    FloatingTensor vector(DType dtype) {
        long before = faults.total();
        JsonElements elements = JsonElements.of(dtype, member.scalars());
        int size = 0;
        try (JsonParser parser = open()) {
            for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
                element(parser, token, dtype, elements, size, VECTOR);
                size++;
            }
        }
        return faults.total() > before ? null : elements.tensor(Shape.vector(size));
    }

    /** A flat array of integers in [0, classes); null where anything is wrong, or classes is not known (less than 1). */
    @Nullable
    Labels labels(int classes) {
        long before = faults.total();
        boolean known = classes > 0;
        int[] labels = new int[member.length()];
        int size = 0;
        try (JsonParser parser = open()) {
            for (JsonToken token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
                int row = size++;
                if (token != JsonToken.VALUE_NUMBER_INT) {
                    wrongType(List.of(row), "an integer", token, parser);
                    continue;
                }
                int label = label(parser);
                if (label < 0 || (known && label >= classes)) {
                    faults.add(() -> Labels.outOfRange(row, Text.number(parser.getString()), classes));
                } else {
                    labels[row] = label;
                }
            }
        }
        return faults.total() > before || !known ? null : Labels.of(labels, classes);
    }

    private JsonParser open() {
        JsonParser parser = Json.parser(body, member.start(), member.end());
        parser.nextToken();
        return parser;
    }

    private JsonToken next(JsonParser parser) {
        steps.take();
        return parser.nextToken();
    }

    /** Reads the current token as an element; what is no number is passed over whole. */
    private void element(JsonParser parser, JsonToken token, DType dtype, JsonElements elements, int row, int column) {
        if (!token.isNumeric()) {
            wrongType(index(row, column), "a number", token, parser);
        } else if (!elements.add(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength())) {
            faults.add(() -> new Fault(
                    FaultCode.OUT_OF_RANGE, name, index(row, column), Text.tooLarge(parser.getString(), dtype)));
        }
    }

    private static List<Integer> index(int row, int column) {
        return column == VECTOR ? List.of(row) : List.of(row, column);
    }

    /** The current integer, or -1 where it is no int: no class either way. */
    private static int label(JsonParser parser) {
        return parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : -1;
    }

    private void wrongType(List<Integer> index, String expected, JsonToken token, JsonParser parser) {
        faults.add(() -> {
            String text = token.isScalarValue() ? parser.getString() : "";
            String found = JsonMember.described(token, text) + ForeignWords.hint(token, text);
            return new Fault(FaultCode.WRONG_TYPE, name, index, "expected " + expected + ", found " + found);
        });
        parser.skipChildren();
    }

    private void wrongShape(List<Integer> index, String detail) {
        faults.add(() -> new Fault(FaultCode.WRONG_SHAPE, name, index, detail));
    }

    private static String numbers(int count) {
        return count == 1 ? "1 number" : count + " numbers";
    }
}
