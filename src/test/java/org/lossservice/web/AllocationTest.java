package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.Shape;
import org.springframework.util.unit.DataSize;

/** Beside the body and its own tensors a JSON request takes no memory that grows with N * C. */
class AllocationTest {

    private static final LossProperties.Limits LIMITS = new LossProperties.Limits(
            DataSize.ofMegabytes(32),
            DataSize.ofMegabytes(64),
            DataSize.ofMegabytes(512),
            1 << 24,
            128,
            32,
            1000,
            10_000);
    private static final int ROWS = 600;
    private static final int COLUMNS = 200;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({"float32, 1, 4", "float32, 2, 4", "float64, 1, 8", "float64, 3, 8"})
    void readsComputesAndWritesInTheScoresThemselves(String dtype, int p, int bytes) throws IOException {
        byte[] body = body(ROWS, COLUMNS, "\"p\":" + p + ",\"dtype\":\"" + dtype + "\"");
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            exchange(body, evaluator); // classes are loaded
            long before = threads.getCurrentThreadAllocatedBytes();
            exchange(body, evaluator);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            long scores = (long) ROWS * COLUMNS * bytes;
            // less than a byte for each element: scratch, labels, losses of rows, the buffer of the answer
            assertThat(allocated).isBetween(scores, scores + ROWS * COLUMNS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void weightGradientTakesNoMoreThanIsReserved(String dtype) {
        byte[] body = body(2, 50_000, "\"return_weight_gradient\":true,\"dtype\":\"" + dtype + "\"");
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            read(body).evaluate(evaluator, () -> {}); // classes are loaded
            MultiMarginRequest request = read(body);
            long before = threads.getCurrentThreadAllocatedBytes();
            request.evaluate(evaluator, () -> {});
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            Shape shape = request.batch().input().shape();
            long scores =
                    (long) shape.elements() * request.batch().input().dtype().bytes();
            // but for scratch, which does not grow with the request
            assertThat(scores + allocated).isBetween(request.memory() - 1000, request.memory() + 80_000);
        }
    }

    private static MultiMarginRequest read(byte[] body) {
        return MultiMarginJson.read(body, body.length, LIMITS, () -> {}, new Faults());
    }

    private static void exchange(byte[] body, LossEvaluator evaluator) throws IOException {
        MultiMarginRequest request = read(body);
        LossResult result = request.evaluate(evaluator, () -> {});
        MultiMarginJson.write(request, result, OutputStream.nullOutputStream());
    }

    /** Scores of two values, so that the gradient's numbers repeat: the text of each new one would be garbage at once. */
    private static byte[] body(int rowCount, int columns, String members) {
        SplittableRandom random = new SplittableRandom(1);
        StringJoiner rows = new StringJoiner("],[", "{\"input\":[[", "]],\"label\":[");
        StringJoiner labels = new StringJoiner(",");
        for (int row = 0; row < rowCount; row++) {
            StringJoiner scores = new StringJoiner(",");
            for (int column = 0; column < columns; column++) {
                scores.add("0." + random.nextInt(10, 12));
            }
            rows.add(scores.toString());
            labels.add(Integer.toString(random.nextInt(columns)));
        }
        String body = rows.toString() + labels + "]," + members + "}";
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
