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
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.Faults;
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
        byte[] body = body(dtype, p);
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

    private static void exchange(byte[] body, LossEvaluator evaluator) throws IOException {
        MultiMarginRequest request = MultiMarginJson.read(body, body.length, LIMITS, () -> {}, new Faults());
        LossResult result = request.evaluate(evaluator, () -> {});
        MultiMarginJson.write(request, result, OutputStream.nullOutputStream());
    }

    /** Scores of two values, so that the gradient's numbers repeat: the text of each new one would be garbage at once. */
    private static byte[] body(String dtype, int p) {
        SplittableRandom random = new SplittableRandom(1);
        StringJoiner rows = new StringJoiner("],[", "{\"input\":[[", "]],\"label\":[");
        StringJoiner labels = new StringJoiner(",");
        for (int row = 0; row < ROWS; row++) {
            StringJoiner scores = new StringJoiner(",");
            for (int column = 0; column < COLUMNS; column++) {
                scores.add("0." + random.nextInt(10, 12));
            }
            rows.add(scores.toString());
            labels.add(Integer.toString(random.nextInt(COLUMNS)));
        }
        String body = rows.toString() + labels + "],\"p\":" + p + ",\"dtype\":\"" + dtype + "\"}";
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
