package org.lossservice.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reading 1024 rows of 100 numbers from JSON, in millions of numbers a second: as the service does, and by Jackson alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields.
public class JsonReadBenchmark {

    private static final int ROWS = 1024;
    private static final int COLUMNS = 100;
    private static final JsonLimits LIMITS = new JsonLimits(1 << 24, 32, 1000, 10_000, () -> {});

    /** How the numbers are written: as Python's json has them, without spaces, or to a fixed number of digits. */
    @Param({"float32", "float32,spaces", "float64", "float64,spaces", "4 digits", "20 digits", "exponents"})
    String numbers;

    private DType dtype;
    private byte[] body;

    @Setup
    public void setUp() {
        dtype = numbers.startsWith("float64") ? DType.FLOAT64 : DType.FLOAT32;
        SplittableRandom random = new SplittableRandom(1);
        String comma = numbers.endsWith("spaces") ? ", " : ",";
        StringJoiner rows = new StringJoiner("]" + comma + "[", "{\"input\":[[", "]]}");
        for (int row = 0; row < ROWS; row++) {
            StringJoiner columns = new StringJoiner(comma);
            for (int column = 0; column < COLUMNS; column++) {
                columns.add(text(random.nextGaussian()));
            }
            rows.add(columns.toString());
        }
        body = rows.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String text(double number) {
        return switch (numbers) {
            case "4 digits" -> String.format(Locale.ROOT, "%.4f", number);
            case "20 digits" -> String.format(Locale.ROOT, "%.20f", number);
            case "exponents" -> String.format(Locale.ROOT, "%.7e", number / 1000);
            default -> dtype == DType.FLOAT32 ? Float.toString((float) number) : Double.toString(number);
        };
    }

    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public @Nullable FloatingTensor service() {
        Faults faults = new Faults();
        JsonObject object = JsonObject.read(body, body.length, List.of("input"), LIMITS, faults);
        FloatingTensor tensor = object.matrix("input", dtype);
        object.finish();
        return tensor;
    }

    /** Jackson's streaming parser in one pass, given the length of the array. */
    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public Object jackson() {
        try (JsonParser parser = Json.parser(body, 0, body.length)) {
            int size = 0;
            if (dtype == DType.FLOAT32) {
                float[] array = new float[ROWS * COLUMNS];
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token.isNumeric()) {
                        array[size++] = parser.getFloatValue();
                    }
                }
                return array;
            }
            double[] array = new double[ROWS * COLUMNS];
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    array[size++] = parser.getDoubleValue();
                }
            }
            return array;
        }
    }
}
