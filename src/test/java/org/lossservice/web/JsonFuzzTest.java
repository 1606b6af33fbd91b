package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.web.ReferenceJson.Malformed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the service against {@link ReferenceJson} and {@link ReferenceRequest} on mutated requests. The number of bodies
 * and the seed can be set: {@code -Dfuzz.count=1000000 -Dfuzz.seed=7}.
 */
class JsonFuzzTest extends HttpTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void agreesWithTheReference() throws Exception {
        long seed = Long.getLong("fuzz.seed", 20_261_124);
        int count = Integer.getInteger("fuzz.count", 20_000);
        JsonMutations mutations = new JsonMutations(seed);
        int[] statuses = new int[600];
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int i = 0; i < count; i++) {
                byte[] body = mutations.next();
                HttpResponse<byte[]> response = postQuickly(body);
                statuses[response.statusCode()]++;
                try {
                    check(body, response, evaluator);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + ", body " + i + ": " + new String(body, StandardCharsets.UTF_8)
                                    + "\nanswered " + response.statusCode() + " "
                                    + new String(response.body(), StandardCharsets.UTF_8),
                            e);
                }
            }
        }
        // a fuzzer that only ever sees one kind of answer tests nothing
        assertThat(statuses[200]).isGreaterThan(count / 20);
        assertThat(statuses[400]).isGreaterThan(count / 20);
        assertThat(statuses[422]).isGreaterThan(count / 20);
        assertThat(statuses[413]).isGreaterThan(0);
    }

    private static void check(byte[] body, HttpResponse<byte[]> response, LossEvaluator evaluator) {
        JsonNode answer = MAPPER.readTree(response.body());
        int status = response.statusCode();
        ReferenceJson.Extent extent = new ReferenceJson.Extent();
        ReferenceRequest reference = null;
        Malformed malformed = null;
        try {
            reference = new ReferenceRequest(ReferenceJson.read(body, extent));
        } catch (Malformed e) {
            malformed = e;
        }
        if (status != 200) {
            assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
            assertThat(answer.get("status").asInt()).isEqualTo(status);
        }
        if (extent.depth > 32 || extent.longestNumber > 1000 || extent.longestString > 10_000) {
            assertThat(answer.path("code").asString("")).isEqualTo("too_large");
        } else if (malformed != null) {
            assertThat(status).isEqualTo(400);
            assertThat(answer.get("code").asString()).isEqualTo("malformed_json");
            assertThat(answer.get("errors").get(0).get("offset").asInt()).isIn(malformed.token, malformed.certain);
        } else if (reference != null && !reference.faults.isEmpty()) {
            assertThat(status).isEqualTo(422);
            assertFaults(answer, reference.faults);
        } else if (reference != null) {
            assertResult(answer, status, reference.request(), evaluator);
        }
    }

    private static void assertFaults(JsonNode answer, List<String> expected) {
        List<String> actual = new ArrayList<>();
        for (JsonNode error : answer.get("errors")) {
            actual.add(
                    error.get("code").asString() + " " + error.path("pointer").asString(""));
        }
        assertThat(answer.get("errors_total").asInt()).isEqualTo(expected.size());
        assertThat(actual).hasSize(Math.min(32, expected.size()));
        if (expected.size() <= 32) {
            assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
        } else {
            assertThat(expected).containsAll(actual);
        }
    }

    private static void assertResult(JsonNode answer, int status, MultiMarginRequest request, LossEvaluator evaluator) {
        LossResult expected;
        try {
            expected = request.evaluate(evaluator, () -> {});
        } catch (FaultException e) {
            assertThat(status).isEqualTo(422);
            assertThat(answer.get("code").asString()).isEqualTo("result_overflow");
            assertThat(answer.get("errors_total").asLong()).isEqualTo(e.total());
            return;
        }
        assertThat(status).isEqualTo(200);
        assertTensor(answer.path("loss"), expected.loss());
        assertThat(answer.has("gradient")).isEqualTo(request.returnGradient());
        if (expected.gradient() != null) {
            assertTensor(answer.path("gradient"), expected.gradient());
        }
        assertThat(answer.has("weight_gradient")).isEqualTo(request.returnWeightGradient());
        if (expected.weightGradient() != null) {
            assertTensor(answer.path("weight_gradient"), expected.weightGradient());
        }
    }

    /** Read as the dtype, each number is the same bits, and no shorter text would be. */
    private static void assertTensor(JsonNode actual, FloatingTensor expected) {
        String data = actual.get("data").toString().replaceAll("[\\[\\]]", "");
        String[] texts = data.split(",", -1);
        assertThat(texts).hasSize(expected.shape().elements());
        switch (expected) {
            case Float32Tensor floats -> {
                for (int i = 0; i < texts.length; i++) {
                    assertThat(Float.floatToRawIntBits(Float.parseFloat(texts[i])))
                            .isEqualTo(Float.floatToRawIntBits(floats.array()[i]));
                }
            }
            case Float64Tensor doubles -> {
                for (int i = 0; i < texts.length; i++) {
                    assertThat(Double.doubleToRawLongBits(Double.parseDouble(texts[i])))
                            .isEqualTo(Double.doubleToRawLongBits(doubles.array()[i]));
                }
            }
        }
    }
}
