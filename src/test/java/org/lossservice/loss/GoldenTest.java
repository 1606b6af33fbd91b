package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cases whose answers were computed elsewhere, with exact rational arithmetic. */
class GoldenTest {

    private static final int CASES = 49;

    static List<ArgumentSet> cases() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenTest.class.getResourceAsStream("/golden.jsonl"))) {
            JsonMapper mapper = new JsonMapper();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(mapper::readTree)
                    .map(node -> Arguments.argumentSet(node.get("id").asString(), node))
                    .toList();
        }
    }

    @Test
    void noCaseIsMissing() throws IOException {
        assertThat(cases()).hasSize(CASES);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answerIsTheExactOneRounded(JsonNode golden) {
        JsonNode request = golden.get("request");
        DType dtype = DType.valueOf(request.get("dtype").asString().toUpperCase(Locale.ROOT));
        int p = request.get("p").asInt();
        JsonNode input = request.get("input");
        int classes = input.get(0).size();
        MultiMarginLoss loss = new MultiMarginLoss(
                p,
                tensor(dtype, request.get("margin"), Shape.scalar()).get(0),
                request.get("weight").isNull() ? null : tensor(dtype, request.get("weight"), Shape.vector(classes)),
                Reduction.valueOf(request.get("reduction").asString().toUpperCase(Locale.ROOT)),
                Convention.DOCUMENTED);
        FloatingTensor scores = tensor(dtype, input, Shape.matrix(input.size(), classes));
        int[] labels = Arrays.stream(numbers(request.get("label")))
                .mapToInt(number -> (int) number)
                .toArray();
        Batch batch = new Batch(scores, Labels.of(labels, classes), null);

        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            LossResult result = evaluator.evaluate(loss, batch, scores, true, NonFinite.ERROR, () -> {});
            assertClose(golden.get("loss"), result.loss(), p);
            assertClose(golden.get("gradient"), result.gradient(), p);
            if (!golden.get("weight_gradient").isNull()) {
                assertClose(golden.get("weight_gradient"), result.weightGradient(), p);
            }
        }
    }

    private static void assertClose(JsonNode expected, @Nullable FloatingTensor actual, int p) {
        Objects.requireNonNull(actual);
        double[] numbers = numbers(expected);
        assertThat(actual.shape().elements()).isEqualTo(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            double distance = Math.abs(actual.get(i) - numbers[i]) / Ulps.of(actual.dtype(), numbers[i]);
            // The expected number is itself rounded, by half a unit.
            assertThat(distance)
                    .as("element %s: %s, not %s", i, actual.get(i), numbers[i])
                    .isLessThanOrEqualTo(Ulps.bound(actual.dtype(), p) + 0.5);
        }
    }

    private static FloatingTensor tensor(DType dtype, JsonNode node, Shape shape) {
        return Tensors.of(dtype, shape, numbers(node));
    }

    /** The numbers of a scalar or of nested arrays, in their order. */
    private static double[] numbers(JsonNode node) {
        if (!node.isArray()) {
            return new double[] {node.asDouble()};
        }
        return StreamSupport.stream(node.spliterator(), false)
                .flatMapToDouble(element -> Arrays.stream(numbers(element)))
                .toArray();
    }
}
