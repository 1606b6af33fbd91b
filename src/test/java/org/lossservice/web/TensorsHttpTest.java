package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.lossservice.format.Safetensors.member;

import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.format.Npy;
import org.lossservice.format.Safetensors;
import org.lossservice.format.Zip;

/** The binary route: formats, negotiation, and numbers that are those of the JSON route to the last bit. */
class TensorsHttpTest extends HttpTest {

    static final String NPZ = "application/x-npz";
    static final String SAFETENSORS = "application/vnd.safetensors";

    static final byte[] EXAMPLE_NPZ = new Zip()
            .add("input", Npy.array("<f4", "(3, 3)", Npy.floats(1, -2, 3, 0, -1, 2, 1, 0, 1)))
            .add("label", Npy.array("<i8", "(3,)", Npy.longs(0, 1, 2)))
            .build();

    static final byte[] EXAMPLE_SAFETENSORS = Safetensors.file(
            "{" + member("input", "F32", "[3,3]", 0, 36) + "," + member("label", "I32", "[3]", 36, 48) + "}",
            Npy.floats(1, -2, 3, 0, -1, 2, 1, 0, 1),
            Npy.ints(0, 1, 2));

    static RequestSpecification tensors(String contentType, byte[] body) {
        return given().urlEncodingEnabled(false)
                .header("Content-Type", contentType)
                .body(body);
    }

    static ValidatableResponse postTensors(String query, String contentType, byte[] body) {
        return tensors(contentType, body).post(ROUTE + "/tensors" + query).then();
    }

    private static byte[] example(String contentType) {
        return contentType.contains("npz") ? EXAMPLE_NPZ : EXAMPLE_SAFETENSORS;
    }

    private static Map<String, TensorAnswer> read(ExtractableResponse<Response> response) {
        byte[] body = response.asByteArray();
        return switch (response.contentType()) {
            case NPZ, "tensor/npz" -> TensorAnswer.npz(body);
            case SAFETENSORS, "application/x-safetensors" -> TensorAnswer.safetensors(body);
            default -> TensorAnswer.json(body);
        };
    }

    private static TensorAnswer tensor(Map<String, TensorAnswer> tensors, String name) {
        TensorAnswer tensor = tensors.get(name);
        if (tensor == null) {
            throw new AssertionError("no " + name);
        }
        return tensor;
    }

    @ParameterizedTest
    @ValueSource(strings = {NPZ, "tensor/npz", SAFETENSORS, "application/x-safetensors"})
    void specificationExample(String type) {
        ExtractableResponse<Response> response = postTensors("", type, example(type))
                .statusCode(200)
                .contentType(type)
                .extract();
        assertThat(response.header("Content-Disposition"))
                .isEqualTo(
                        "attachment; filename=\"multi-margin." + (type.contains("npz") ? "npz" : "safetensors") + "\"");
        assertThat(response.header("Content-Length")).isEqualTo("" + response.asByteArray().length);
        Map<String, TensorAnswer> tensors = read(response);
        assertThat(tensors.keySet()).containsExactly("loss", "gradient");
        assertThat(tensors.get("loss")).isEqualTo(new TensorAnswer("float32", List.of(), List.of((double) 1.1111112f)));
        double ninth = 0.11111111f;
        assertThat(tensors.get("gradient"))
                .isEqualTo(new TensorAnswer(
                        "float32",
                        List.of(3, 3),
                        List.of(-ninth, 0.0, ninth, ninth, -2 * ninth, ninth, ninth, 0.0, -ninth)));
    }

    /** The same request in three formats: JSON answers equal as text, binary answers equal in every bit. */
    @ParameterizedTest
    @CsvSource({
        "float32, 1, mean, documented, false",
        "float64, 1, none, documented, true",
        "float32, 2, sum, pytorch, true",
        "float64, 3, none, paddle, true",
        "float32, 7, none, documented, true",
        "float64, 2, mean, documented, true",
    })
    void equalsTheJsonRoute(String dtype, int p, String reduction, String convention, boolean all) {
        int rows = 17;
        int columns = 9;
        Random random = new Random(p);
        double[] input = random.doubles(153, -2, 2).toArray();
        double[] weight = random.doubles(columns, 0, 3).toArray();
        double[] gradOutput =
                random.doubles(reduction.equals("none") ? rows : 1, -1, 1).toArray();
        int[] label = random.ints(rows, 0, columns).toArray();
        String f4 = dtype.equals("float32") ? "<f4" : "<f8";
        String rowsText = IntStream.range(0, rows)
                .mapToObj(i -> numbers(Arrays.copyOfRange(input, i * columns, (i + 1) * columns), dtype))
                .collect(Collectors.joining(","));
        String optional = all
                ? ",'weight':%s,'grad_output':%s".formatted(numbers(weight, dtype), numbers(gradOutput, dtype))
                : "";
        String json = quotes(String.format(
                Locale.ROOT,
                "{'dtype':'%s','p':%d,'margin':0.3,'reduction':'%s','convention':'%s','return_weight_gradient':%s,"
                        + "'name':'a b','input':[%s],'label':%s%s}",
                dtype,
                p,
                reduction,
                convention,
                all,
                rowsText,
                Arrays.toString(label),
                optional));
        ExtractableResponse<Response> expected = post(json).statusCode(200).extract();

        Zip zip = new Zip()
                .add(
                        "label.npy",
                        Npy.array(
                                "<i8",
                                "(17,)",
                                Npy.longs(Arrays.stream(label).asLongStream().toArray())),
                        Zip.How.DEFLATED)
                .add("input.npy", Npy.array(f4, "(17, 9)", elements(input, dtype)), Zip.How.DEFLATED);
        int size = dtype.equals("float32") ? 4 : 8;
        String header = member("input", "F" + 8 * size, "[17,9]", 0, 153 * size) + ","
                + member("label", "I32", "[17]", 153 * size, 153 * size + 68);
        byte[] more = {};
        if (all) {
            int n = gradOutput.length;
            zip.add("weight", Npy.array(f4, "(9,)", elements(weight, dtype)))
                    .add("grad_output", Npy.array(f4, "(" + n + ",)", elements(gradOutput, dtype)));
            int at = 153 * size + 68;
            header += "," + member("weight", "F" + 8 * size, "[9]", at, at + 9 * size) + ","
                    + member("grad_output", "F" + 8 * size, "[" + n + "]", at + 9 * size, at + (9 + n) * size);
            more = elements(
                    java.util.stream.DoubleStream.concat(Arrays.stream(weight), Arrays.stream(gradOutput))
                            .toArray(),
                    dtype);
        }
        byte[] safetensors = Safetensors.file("{" + header + "}", elements(input, dtype), Npy.ints(label), more);
        byte[] npz = zip.build();
        String query = "?name=a%20b&margin=0.3&p=" + p + "&reduction=" + reduction + "&convention=" + convention
                + "&return_weight_gradient=" + all;

        assertThat(tensors(NPZ, npz)
                        .header("Accept", "application/json")
                        .post(ROUTE + "/tensors" + query)
                        .asString())
                .isEqualTo(expected.asString());
        Map<String, TensorAnswer> numbers = TensorAnswer.json(expected.asByteArray());
        assertThat(read(postTensors(query, NPZ, npz).statusCode(200).extract())).isEqualTo(numbers);
        assertThat(read(postTensors(query, SAFETENSORS, safetensors)
                        .statusCode(200)
                        .extract()))
                .isEqualTo(numbers);
    }

    @ParameterizedTest
    @ValueSource(strings = {NPZ, SAFETENSORS})
    void theSameRequestGetsTheSameBytes(String type) {
        byte[] first = postTensors("", type, example(type)).extract().asByteArray();
        assertThat(postTensors("", type, example(type))
                        .statusCode(200)
                        .extract()
                        .asByteArray())
                .isEqualTo(first);
    }

    private static String numbers(double[] values, String dtype) {
        return Arrays.stream(values)
                .mapToObj(value -> dtype.equals("float32") ? Float.toString((float) value) : Double.toString(value))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static byte[] elements(double[] values, String dtype) {
        if (dtype.equals("float64")) {
            return Npy.doubles(values);
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return Npy.floats(floats);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-npz          | */*                                            | application/x-npz",
                "application/vnd.safetensors | */*                                           | application/vnd.safetensors",
                "tensor/npz                 | */*                                            | tensor/npz",
                "application/x-npz          | application/*                                  | application/x-npz",
                "tensor/npz                 | application/*                                  | application/x-npz",
                "application/x-npz          | application/json                               | application/json",
                "application/x-npz          | application/vnd.safetensors                    | application/vnd.safetensors",
                "application/x-npz          | application/x-safetensors                      | application/x-safetensors",
                "application/vnd.safetensors | tensor/npz                                    | tensor/npz",
                "application/x-npz          | application/json;q=0.5, application/vnd.safetensors;q=0.9 | application/vnd.safetensors",
                "application/x-npz          | application/json, application/vnd.safetensors  | application/json",
                "application/x-npz          | application/vnd.safetensors, application/json  | application/vnd.safetensors",
                "application/x-npz          | application/json, */*                          | application/x-npz",
                "application/x-npz          | application/json, */*;q=0.9                    | application/json",
                "application/x-npz          | application/x-npz;q=0, */*                     | application/vnd.safetensors",
                "application/x-npz          | application/x-npz;q=0.1, application/json;q=0.2 | application/json",
                "application/x-npz          | text/html, application/json;q=0.001            | application/json",
                "application/vnd.safetensors | application/json;q=0, application/x-npz       | application/x-npz",
                "application/x-npz          | APPLICATION/JSON; charset=utf-8                | application/json",
            })
    void acceptChooses(String type, String accept, String expected) {
        tensors(type, example(type))
                .header("Accept", accept)
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(200)
                .contentType(expected);
    }

    /** JSON has no NaN, so it is not offered where the answer may hold one. */
    @Test
    void propagatedNumbersAreNeverAnsweredInJson() {
        tensors(NPZ, EXAMPLE_NPZ)
                .header("Accept", "application/json, */*;q=0.1")
                .post(ROUTE + "/tensors?non_finite=propagate")
                .then()
                .statusCode(200)
                .contentType(NPZ);
        tensors(NPZ, EXAMPLE_NPZ)
                .header("Accept", "application/json")
                .post(ROUTE + "/tensors?non_finite=propagate")
                .then()
                .statusCode(406)
                .body("code", equalTo("not_acceptable"))
                .body("detail", containsString("JSON has no NaN"));
        tensors(NPZ, EXAMPLE_NPZ)
                .header("Accept", "text/html")
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(406)
                .body("detail", not(containsString("NaN")));
    }

    @Test
    void nameIsEchoed() {
        byte[] npz = postTensors("?name=%C5%BE", NPZ, EXAMPLE_NPZ)
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(new String(npz, java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("name.npy", "'<U1'");
        byte[] safetensors = postTensors("?name=%C5%BE", SAFETENSORS, EXAMPLE_SAFETENSORS)
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(new String(safetensors, java.nio.charset.StandardCharsets.UTF_8))
                .contains("{\"__metadata__\":{\"name\":\"ž\"},");
        postTensors("?name=" + "n".repeat(129), NPZ, EXAMPLE_NPZ)
                .statusCode(422)
                .body("errors[0].parameter", equalTo("name"))
                .body("detail", containsString("129 characters, 128 are allowed"));
    }

    @Test
    void gradientsAreThereWhenAskedFor() {
        Map<String, TensorAnswer> tensors = read(postTensors(
                        "?return_gradient=false&return_weight_gradient=true&reduction=none",
                        SAFETENSORS,
                        EXAMPLE_SAFETENSORS)
                .statusCode(200)
                .extract());
        assertThat(tensors.keySet()).containsExactly("loss", "weight_gradient");
        assertThat(tensor(tensors, "loss").shape()).containsExactly(3);
        assertThat(tensor(tensors, "weight_gradient").shape()).containsExactly(3);
    }

    /** A 0-d upstream gradient is what numpy makes of a number; it stands for one number, not for N. */
    @Test
    void scalarUpstreamGradient() {
        byte[] body = new Zip()
                .add("input", Npy.array("<f4", "(1, 2)", Npy.floats(0, 1)))
                .add("label", Npy.array("<i4", "(1,)", Npy.ints(0)))
                .add("grad_output", Npy.array("<f4", "()", Npy.floats(4)))
                .build();
        assertThat(tensor(read(postTensors("", NPZ, body).statusCode(200).extract()), "gradient")
                        .data())
                .containsExactly(-2.0, 2.0);
        postTensors("?reduction=none", NPZ, body)
                .statusCode(422)
                .body("errors[0].code", equalTo("wrong_shape"))
                .body("errors[0].tensor", equalTo("grad_output"));
    }

    @Test
    void gzippedBodies() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(EXAMPLE_SAFETENSORS);
        }
        byte[] expected =
                postTensors("", SAFETENSORS, EXAMPLE_SAFETENSORS).extract().asByteArray();
        assertThat(tensors(SAFETENSORS, bytes.toByteArray())
                        .header("Content-Encoding", "gzip")
                        .post(ROUTE + "/tensors")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray())
                .isEqualTo(expected);
        tensors(SAFETENSORS, EXAMPLE_SAFETENSORS)
                .header("Content-Encoding", "gzip")
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(400)
                .body("code", equalTo("malformed_encoding"));
    }

    @Test
    void answersAreNeverGzipped() {
        tensors(NPZ, EXAMPLE_NPZ)
                .header("Accept-Encoding", "gzip")
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(200)
                .header("Content-Encoding", equalTo(null));
    }
}
