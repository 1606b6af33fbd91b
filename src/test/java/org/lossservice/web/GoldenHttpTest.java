package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Cases whose answers were computed with exact rational arithmetic and then rounded, through the whole service. */
class GoldenHttpTest extends HttpTest {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** One line of golden.jsonl. */
    record Golden(String id, ObjectNode request, JsonNode loss, JsonNode gradient, JsonNode weightGradient) {

        static Golden of(String line) {
            JsonNode node = MAPPER.readTree(line);
            return new Golden(
                    node.get("id").asString(),
                    (ObjectNode) node.get("request"),
                    node.get("loss"),
                    node.get("gradient"),
                    node.get("weight_gradient"));
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Golden> cases() {
        try {
            return new ClassPathResource("golden.jsonl")
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .map(Golden::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void withinTheBounds(Golden golden) {
        ObjectNode request = golden.request().deepCopy();
        request.put("return_weight_gradient", !golden.weightGradient().isNull());
        JsonNode answer = MAPPER.readTree(
                post(request.toString()).statusCode(200).extract().asString());

        boolean single = !"float64".equals(request.path("dtype").asString("float32"));
        int p = request.path("p").asInt(1);
        long ulps = single ? 1 : p <= 2 ? 4 : 2L * p + 4;
        assertTensor(answer.get("loss"), golden.loss(), single, ulps);
        assertTensor(answer.get("gradient"), golden.gradient(), single, ulps);
        if (golden.weightGradient().isNull()) {
            assertThat(answer.has("weight_gradient")).isFalse();
        } else {
            assertTensor(answer.get("weight_gradient"), golden.weightGradient(), single, ulps);
        }
    }

    private static void assertTensor(JsonNode actual, JsonNode expected, boolean single, long ulps) {
        assertThat(actual.get("dtype").asString()).isEqualTo(single ? "float32" : "float64");
        List<Integer> shape = new ArrayList<>();
        for (JsonNode node = expected; node.isArray(); node = node.get(0)) {
            shape.add(node.size());
        }
        assertThat(actual.get("shape")).extracting(JsonNode::asInt).isEqualTo(shape);
        List<BigDecimal> actuals = numbers(actual.get("data"));
        List<BigDecimal> expecteds = numbers(expected);
        assertThat(actuals).hasSameSizeAs(expecteds);
        for (int i = 0; i < actuals.size(); i++) {
            assertThat(distance(actuals.get(i), expecteds.get(i), single))
                    .as("element %d: %s for %s", i, actuals.get(i), expecteds.get(i))
                    .isLessThanOrEqualTo(ulps);
        }
    }

    private static List<BigDecimal> numbers(JsonNode node) {
        List<BigDecimal> numbers = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> numbers.addAll(numbers(element)));
        } else {
            numbers.add(node.decimalValue());
        }
        return numbers;
    }

    /** How many numbers of the dtype lie from one to the other. */
    private static long distance(BigDecimal a, BigDecimal b, boolean single) {
        return Math.abs(
                single
                        ? (long) ordered(Float.floatToIntBits(a.floatValue()))
                                - ordered(Float.floatToIntBits(b.floatValue()))
                        : ordered(Double.doubleToLongBits(a.doubleValue()))
                                - ordered(Double.doubleToLongBits(b.doubleValue())));
    }

    private static int ordered(int bits) {
        return bits < 0 ? Integer.MIN_VALUE - bits : bits;
    }

    private static long ordered(long bits) {
        return bits < 0 ? Long.MIN_VALUE - bits : bits;
    }
}
