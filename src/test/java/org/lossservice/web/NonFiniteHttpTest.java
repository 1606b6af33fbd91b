package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.lossservice.format.Safetensors.member;

import io.restassured.response.ValidatableResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.lossservice.format.Npy;
import org.lossservice.format.Safetensors;
import org.lossservice.format.Zip;

/**
 * What NaN and infinities give, in both modes of {@code non_finite}. All rows start from one sample: scores [0, 1, 2], label
 * 0, weights of 1, margin 1, grad_output 1, whose loss is 5/3 and whose gradient is [-2/3, 1/3, 1/3].
 */
class NonFiniteHttpTest extends HttpTest {

    private static ValidatableResponse post(String place, String value, String mode, boolean npz) {
        float number = number(value);
        float[] input = {0, 1, 2};
        float[] weight = {1, 1, 1};
        float[] gradOutput = {1};
        String margin = "1";
        switch (place) {
            case "a score" -> input[1] = number;
            case "the label's score" -> input[0] = number;
            case "the label's score and another" -> input[0] = input[1] = number;
            case "the label's weight" -> weight[0] = number;
            case "another weight" -> weight[2] = number;
            case "grad_output" -> gradOutput[0] = number;
            case "grad_output, a term inactive" -> {
                gradOutput[0] = number;
                input[1] = -5;
            }
            default -> margin = value;
        }
        String query = "?reduction=none&margin=" + margin + mode;
        if (npz) {
            byte[] body = new Zip()
                    .add("input", Npy.array("<f4", "(1, 3)", Npy.floats(input)))
                    .add("label", Npy.array("<i4", "(1,)", Npy.ints(0)))
                    .add("weight", Npy.array("<f4", "(3,)", Npy.floats(weight)))
                    .add("grad_output", Npy.array("<f4", "(1,)", Npy.floats(gradOutput)))
                    .build();
            return TensorsHttpTest.postTensors(query, TensorsHttpTest.NPZ, body);
        }
        byte[] body = Safetensors.file(
                "{" + member("input", "F32", "[1,3]", 0, 12) + "," + member("label", "I32", "[1]", 12, 16) + ","
                        + member("weight", "F32", "[3]", 16, 28) + "," + member("grad_output", "F32", "[1]", 28, 32)
                        + "}",
                Npy.floats(input),
                Npy.ints(0),
                Npy.floats(weight),
                Npy.floats(gradOutput));
        return TensorsHttpTest.postTensors(query, TensorsHttpTest.SAFETENSORS, body);
    }

    private static float number(String text) {
        return switch (text.strip()) {
            case "nan" -> Float.NaN;
            case "inf" -> Float.POSITIVE_INFINITY;
            case "-inf" -> Float.NEGATIVE_INFINITY;
            case "1/3" -> 1f / 3;
            case "2/3" -> 2f / 3;
            case "-1/3" -> -1f / 3;
            case "-2/3" -> -2f / 3;
            case "5/3" -> 5f / 3;
            default -> Float.parseFloat(text);
        };
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/non-finite.csv", delimiter = '|', useHeadersInDisplayName = true)
    void propagated(String place, String value, String loss, String gradient, String refused) {
        Map<String, TensorAnswer> npz = TensorAnswer.npz(post(place, value, "&non_finite=propagate", true)
                .statusCode(200)
                .extract()
                .asByteArray());
        assertThat(npz.get("loss")).isEqualTo(new TensorAnswer("float32", List.of(1), List.of((double) number(loss))));
        assertThat(npz.get("gradient"))
                .isEqualTo(new TensorAnswer(
                        "float32",
                        List.of(1, 3),
                        Arrays.stream(gradient.split(",", -1))
                                .map(slope -> (double) number(slope))
                                .toList()));
        assertThat(TensorAnswer.safetensors(post(place, value, "&non_finite=propagate", false)
                        .statusCode(200)
                        .extract()
                        .asByteArray()))
                .isEqualTo(npz);
    }

    /** A parameter is shown as it was written, a number of a tensor in words. */
    private static String shown(String place, String value) {
        if (place.equals("margin")) {
            return value;
        }
        return switch (value) {
            case "nan" -> "NaN";
            case "inf" -> "infinity";
            default -> "-infinity";
        };
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/non-finite.csv", delimiter = '|', useHeadersInDisplayName = true)
    void refused(String place, String value, String loss, String gradient, String refused) {
        for (boolean npz : new boolean[] {true, false}) {
            String[] places = refused.split(" and ", -1);
            ValidatableResponse response = post(place, value, npz ? "" : "&non_finite=error", npz)
                    .statusCode(422)
                    .body("errors", hasSize(places.length));
            for (int i = 0; i < places.length; i++) {
                response.body("errors[" + i + "].code", equalTo("not_finite"))
                        .body(
                                "errors[" + i + "].with { (it.tensor ?: it.parameter) + (it.index ?: '') }",
                                equalTo(places[i]))
                        .body("errors[" + i + "].detail", startsWith(places[i] + " is " + shown(place, value) + ";"));
            }
        }
    }
}
