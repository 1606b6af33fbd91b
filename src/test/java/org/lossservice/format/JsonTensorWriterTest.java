package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** What is written is, byte for byte, what the JDK makes of each number, whether it is new or repeated. */
class JsonTensorWriterTest {

    /** A number of each row is drawn anew with a chance of one in {@code fresh}; otherwise one of a few comes again. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,3000,1", "3000,1,1", "400,250,1", "400,250,50", "70,1000,1000"})
    void writesTheShortestTexts(int rows, int columns, int fresh) throws IOException {
        SplittableRandom random = new SplittableRandom(rows * 31L + columns);
        float[] floats = new float[rows * columns];
        double[] doubles = new double[rows * columns];
        double[] few = {0, -0.0, 0.1, -1e-7, 1e7, 123_456.7, Double.MIN_VALUE, Float.MIN_VALUE, Float.MAX_VALUE, 1e300};
        for (int i = 0; i < floats.length; i++) {
            double repeated = few[random.nextInt(few.length)];
            boolean drawn = random.nextInt(fresh) == 0;
            floats[i] = finite(drawn ? Float.intBitsToFloat(random.nextInt()) : (float) repeated);
            doubles[i] = drawn ? finite(Double.longBitsToDouble(random.nextLong())) : repeated;
        }
        assertWritten(new Float32Tensor(floats, Shape.matrix(rows, columns)), "float32");
        assertWritten(new Float64Tensor(doubles, Shape.matrix(rows, columns)), "float64");
    }

    private static float finite(float value) {
        return Float.isFinite(value) ? value : 1;
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 1;
    }

    private static void assertWritten(FloatingTensor tensor, String dtype) throws IOException {
        int rows = tensor.shape().dimension(0);
        int columns = tensor.shape().dimension(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonTensorWriter writer = new JsonTensorWriter(out)) {
            writer.writeRows("rows", tensor);
            writer.writeFlat("flat", tensor);
            writer.generator().writeStringProperty("name", "é");
        }
        StringJoiner nested = new StringJoiner("],[", "[[", "]]");
        for (int row = 0; row < rows; row++) {
            nested.add(numbers(tensor, row * columns, columns));
        }
        String head = "{\"dtype\":\"" + dtype + "\",\"shape\":[" + rows + "," + columns + "],\"data\":";
        String expected = "{\"rows\":" + head + nested + "},\"flat\":" + head + "[" + numbers(tensor, 0, rows * columns)
                + "]},\"name\":\"é\"}";
        // not isEqualTo: its message would be as long as both
        assertThat(out.toString(StandardCharsets.UTF_8).equals(expected)).isTrue();
    }

    private static String numbers(FloatingTensor tensor, int from, int length) {
        StringJoiner numbers = new StringJoiner(",");
        for (int i = from; i < from + length; i++) {
            numbers.add(
                    switch (tensor) {
                        case Float32Tensor floats -> Float.toString(floats.array()[i]);
                        case Float64Tensor doubles -> Double.toString(doubles.array()[i]);
                    });
        }
        return numbers.toString();
    }
}
