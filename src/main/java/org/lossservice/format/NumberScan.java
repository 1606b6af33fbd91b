package org.lossservice.format;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/**
 * Reads an array of the body straight from its bytes, where everything is in order: RFC 8259's grammar, numbers that the
 * dtype holds, rows of one length. Where anything is not, it gives up without a word, and {@link JsonMembers} and
 * {@link JsonNumbers} find out what it is.
 *
 * <p>The methods that read take the position to start from, and return the one behind what they have read, or
 * {@link #GAVE_UP}: with the position in a field they would lose a third of their speed.
 */
final class NumberScan {

    private static final int GAVE_UP = NumberReader.GAVE_UP;

    /** So many numbers are read one by one where the first of them could not be read in a run. */
    private static final int NO_RUN = 16;

    private final byte[] body;
    private final JsonMember member;
    private final NumberReader numbers;
    private final NumberRuns runs;
    private final Steps steps;

    /** @param member an array of which only the brackets are known to match */
    NumberScan(byte[] body, JsonMember member, JsonLimits limits) {
        this.body = body;
        this.member = member;
        this.numbers = new NumberReader(body, limits.numberLength());
        this.runs = new NumberRuns(body);
        this.steps = new Steps(limits.checkpoint());
    }

    /** Rows of equal length, [N, C]; null where it gave up. */
    @Nullable
    FloatingTensor matrix(DType dtype) {
        int rows = member.length();
        int columns = member.firstLength();
        if (columns < 1 || (long) rows * columns != member.scalars()) {
            return null;
        }
        Shape shape = Shape.matrix(rows, columns);
        return switch (dtype) {
            case FLOAT32 -> {
                float[] floats = new float[shape.elements()];
                yield rows((at, row) -> floats(at, floats, row * columns, columns))
                        ? new Float32Tensor(floats, shape)
                        : null;
            }
            case FLOAT64 -> {
                double[] doubles = new double[shape.elements()];
                yield rows((at, row) -> doubles(at, doubles, row * columns, columns))
                        ? new Float64Tensor(doubles, shape)
                        : null;
            }
        };
    }

    /** A flat array, [n]; null where it gave up. */
    @Nullable
    FloatingTensor vector(DType dtype) {
        int length = member.length();
        if (length != member.scalars()) {
            return null;
        }
        Shape shape = Shape.vector(length);
        return switch (dtype) {
            case FLOAT32 -> {
                float[] floats = new float[length];
                yield floats(member.start(), floats, 0, length) == member.end()
                        ? new Float32Tensor(floats, shape)
                        : null;
            }
            case FLOAT64 -> {
                double[] doubles = new double[length];
                yield doubles(member.start(), doubles, 0, length) == member.end()
                        ? new Float64Tensor(doubles, shape)
                        : null;
            }
        };
    }

    /** A flat array of integers in [0, classes); null where it gave up. */
    @Nullable
    Labels labels(int classes) {
        int length = member.length();
        if (length != member.scalars()) {
            return null;
        }
        int[] labels = new int[length];
        int at = member.start() + 1;
        for (int i = 0; i < length; i++) {
            steps.take(i);
            at = numbers.readInteger(numbers.space(at));
            if (at == GAVE_UP || numbers.integer() >= classes) {
                return null;
            }
            labels[i] = numbers.integer();
            at = numbers.pass(i < length - 1 ? ',' : ']', at);
            if (at == GAVE_UP) {
                return null;
            }
        }
        return at == member.end() ? Labels.of(labels, classes) : null;
    }

    /** Reads one row from its bracket to its bracket. */
    private interface Row {
        int read(int at, int row);
    }

    private boolean rows(Row row) {
        int at = member.start() + 1;
        for (int i = 0; i < member.length(); i++) {
            at = row.read(numbers.space(at), i);
            if (at == GAVE_UP) {
                return false;
            }
            at = numbers.pass(i < member.length() - 1 ? ',' : ']', at);
            if (at == GAVE_UP) {
                return false;
            }
        }
        return at == member.end();
    }

    private int floats(int start, float[] array, int from, int length) {
        if (body[start] != '[') {
            return GAVE_UP;
        }
        int end = from + length;
        int at = start + 1;
        for (int i = from; i < end; ) {
            steps.take();
            at = runs.read(at, array, i, end);
            int stop = afterRun(i, end);
            // not a method of its own, here and for doubles: numbers with exponents would take a fifth longer
            for (i = runs.next(); i < stop; i++) {
                steps.take();
                int token = numbers.space(at);
                at = numbers.read(token);
                if (at == GAVE_UP) {
                    return GAVE_UP;
                }
                float value = numbers.toFloat();
                if (Float.isNaN(value)) {
                    value = numbers.exactFloat(token, at);
                    if (Float.isInfinite(value)) {
                        return GAVE_UP;
                    }
                }
                array[i] = value;
                at = numbers.pass(i < end - 1 ? ',' : ']', at);
                if (at == GAVE_UP) {
                    return GAVE_UP;
                }
            }
        }
        return at;
    }

    private int doubles(int start, double[] array, int from, int length) {
        if (body[start] != '[') {
            return GAVE_UP;
        }
        int end = from + length;
        int at = start + 1;
        for (int i = from; i < end; ) {
            steps.take();
            at = runs.read(at, array, i, end);
            int stop = afterRun(i, end);
            for (i = runs.next(); i < stop; i++) {
                steps.take();
                int token = numbers.space(at);
                at = numbers.read(token);
                if (at == GAVE_UP) {
                    return GAVE_UP;
                }
                double value = numbers.toDouble();
                if (Double.isNaN(value)) {
                    value = numbers.exactDouble(token, at);
                    if (Double.isInfinite(value)) {
                        return GAVE_UP;
                    }
                }
                array[i] = value;
                at = numbers.pass(i < end - 1 ? ',' : ']', at);
                if (at == GAVE_UP) {
                    return GAVE_UP;
                }
            }
        }
        return at;
    }

    /** The end of the numbers that are read one by one after a run from {@code from} on. */
    private int afterRun(int from, int end) {
        // where none could be read, the next are likely to be written in the same way
        return Math.min(end, runs.next() + (runs.next() == from ? NO_RUN : 1));
    }
}
