package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;
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
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Writing 1024 rows of 100 numbers as JSON, in millions of numbers a second: as the service does, and by Jackson alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields.
public class JsonWriteBenchmark {

    private static final int ROWS = 1024;
    private static final int COLUMNS = 100;

    @Param
    DType dtype;

    /** A gradient with p = 1, half of whose terms are active; or numbers all different, as with p = 2. */
    @Param({"repeated", "distinct"})
    String numbers;

    private FloatingTensor tensor;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        tensor = FloatingTensor.zeros(dtype, Shape.matrix(ROWS, COLUMNS));
        double term = 1.0 / (ROWS * COLUMNS);
        for (int row = 0; row < ROWS; row++) {
            int label = random.nextInt(COLUMNS);
            int active = 0;
            for (int column = 0; column < COLUMNS; column++) {
                boolean isActive = column != label && random.nextBoolean();
                active += isActive ? 1 : 0;
                double number = numbers.equals("repeated") ? (isActive ? term : 0) : random.nextGaussian();
                put(row * COLUMNS + column, number);
            }
            if (numbers.equals("repeated")) {
                put(row * COLUMNS + label, -active * term);
            }
        }
    }

    private void put(int index, double number) {
        switch (tensor) {
            case Float32Tensor floats -> floats.array()[index] = (float) number;
            case Float64Tensor doubles -> doubles.array()[index] = number;
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public Object service() throws IOException {
        try (JsonTensorWriter writer = new JsonTensorWriter(OutputStream.nullOutputStream())) {
            writer.writeRows("gradient", tensor);
            return writer;
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public Object jackson() {
        try (JsonGenerator generator =
                Json.FACTORY.createGenerator(ObjectWriteContext.empty(), OutputStream.nullOutputStream())) {
            generator.writeStartArray();
            for (int row = 0; row < ROWS; row++) {
                generator.writeStartArray();
                for (int i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
                    switch (tensor) {
                        case Float32Tensor floats -> generator.writeNumber(floats.array()[i]);
                        case Float64Tensor doubles -> generator.writeNumber(doubles.array()[i]);
                    }
                }
                generator.writeEndArray();
            }
            generator.writeEndArray();
            return generator;
        }
    }
}
