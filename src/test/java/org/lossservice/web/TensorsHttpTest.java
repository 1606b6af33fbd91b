package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
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

/** The binary route: formats, parameters, negotiation, and numbers that are those of the JSON route to the last bit. */
class TensorsHttpTest extends HttpTest {

    static final String NPZ = "application/x-npz";
    static final String SAFETENSORS = "application/vnd.safetensors";

    private static final byte[] EXAMPLE_NPZ = new Zip()
            .add("input", Npy.array("<f4", "(3, 3)", Npy.floats(1, -2, 3, 0, -1, 2, 1, 0, 1)))
            .add("label", Npy.array("<i8", "(3,)", Npy.longs(0, 1, 2)))
            .build();

    private static final byte[] EXAMPLE_SAFETENSORS = Safetensors.file(
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "*/*;q=0",
                "application/x-npz;q=0, tensor/npz;q=0, application/json;q=0, application/vnd.safetensors;q=0,"
                        + " application/x-safetensors;q=0, */*;q=0",
                "application/octet-stream",
                "not a type"
            })
    void unacceptable(String accept) {
        tensors(NPZ, EXAMPLE_NPZ)
                .header("Accept", accept)
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(406)
                .contentType(PROBLEM)
                .body("code", equalTo("not_acceptable"))
                .body("detail", containsString("application/vnd.safetensors, application/json"));
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
                .body("code", equalTo("not_acceptable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/octet-stream", "application/zip", "text/plain", ""})
    void mediaTypes(String type) {
        postTensors("", type, EXAMPLE_NPZ)
                .statusCode(415)
                .contentType(PROBLEM)
                .body("code", equalTo("unsupported_media_type"))
                .body("detail", containsString("application/x-npz, tensor/npz, application/vnd.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void methods(String method) {
        given().request(method, ROUTE + "/tensors")
                .then()
                .statusCode(405)
                .header("Allow", equalTo("POST"))
                .body("code", equalTo("method_not_allowed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?q=1                        | unknown_parameter | q",
                "?P=1                        | unknown_parameter | P",
                "?input=1                    | unknown_parameter | input",
                "?grad_output=1              | unknown_parameter | grad_output",
                "?dtype=float64              | unknown_parameter | dtype",
                "?p=1&p=1                    | duplicate_field   | p",
                "?p=0                        | out_of_range      | p",
                "?p=-1                       | out_of_range      | p",
                "?p=2147483648               | out_of_range      | p",
                "?p=99999999999999999999     | out_of_range      | p",
                "?p=1.0                      | wrong_type        | p",
                "?p=01                       | wrong_type        | p",
                "?p=%2B1                     | wrong_type        | p",
                "?p=+1                       | wrong_type        | p",
                "?p=1%20                     | wrong_type        | p",
                "?p=                         | wrong_type        | p",
                "?p                          | wrong_type        | p",
                "?p=1e1                      | wrong_type        | p",
                "?p=%D9%A1                   | wrong_type        | p",
                "?margin=                    | wrong_type        | margin",
                "?margin=1,5                 | wrong_type        | margin",
                "?margin=.5                  | wrong_type        | margin",
                "?margin=1.                  | wrong_type        | margin",
                "?margin=1f                  | wrong_type        | margin",
                "?margin=0x1p3               | wrong_type        | margin",
                "?margin=1e+5                | wrong_type        | margin",
                "?margin=NaN                 | wrong_type        | margin",
                "?margin=Infinity            | wrong_type        | margin",
                "?margin=nan                 | not_finite        | margin",
                "?margin=inf                 | not_finite        | margin",
                "?margin=-inf                | not_finite        | margin",
                "?margin=1e39                | out_of_range      | margin",
                "?margin=1e400               | out_of_range      | margin",
                "?margin=1e39&non_finite=propagate | out_of_range | margin",
                "?reduction=Mean             | out_of_range      | reduction",
                "?reduction=                 | out_of_range      | reduction",
                "?convention=torch           | out_of_range      | convention",
                "?non_finite=ignore          | out_of_range      | non_finite",
                "?return_gradient=True       | wrong_type        | return_gradient",
                "?return_gradient=1          | wrong_type        | return_gradient",
                "?return_weight_gradient=no  | wrong_type        | return_weight_gradient",
            })
    void parameters(String query, String code, String parameter) {
        postTensors(query, NPZ, EXAMPLE_NPZ)
                .statusCode(422)
                .contentType(PROBLEM)
                .body("errors", hasSize(1))
                .body("errors[0].code", equalTo(code))
                .body("errors[0].parameter", equalTo(parameter))
                .body("errors[0].tensor", equalTo(null))
                .body("errors[0].pointer", equalTo(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?margin=1e%2B5",
                "?margin=-0",
                "?margin=1e-400",
                "?margin=1E38",
                "?margin=-0.5e1",
                "?p=2147483647",
                "?name=",
                "?return_gradient=true&return_weight_gradient=false&non_finite=error",
                "?margin=nan&non_finite=propagate",
                "?margin=-inf&non_finite=propagate",
            })
    void parametersThatAreTaken(String query) {
        postTensors(query + "&convention=documented&reduction=none", NPZ, EXAMPLE_NPZ)
                .statusCode(query.contains("p=2147483647") ? 422 : 200);
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

    @Test
    void allProblemsAtOnce() {
        byte[] body = new Zip()
                .add("input", Npy.array("<f8", "(2, 3)", Npy.doubles(1, Double.NaN, 3, 4, 5, 6)))
                .add("label", Npy.array("<i4", "(3,)", Npy.ints(0, 3, -1)))
                .add("weight", Npy.array("<f4", "(4,)", Npy.floats(1, 2, 3, 4)))
                .add("grad_output", Npy.array("<f8", "(2,)", Npy.doubles(1, 2)))
                .add("wieght", Npy.array("<f4", "()", Npy.floats(1)))
                .add("margin", Npy.array("<f8", "()", Npy.doubles(1)))
                .build();
        postTensors("?margin=x&q=1", NPZ, body)
                .statusCode(422)
                .contentType(PROBLEM)
                .body("errors_total", equalTo(11))
                .body(
                        "errors.collect { it.code + ' ' + (it.tensor ?: it.parameter) + ' ' + (it.index ?: '') }",
                        hasItems(
                                "unknown_parameter q ",
                                "wrong_type margin ",
                                "unknown_field wieght ",
                                "unknown_field margin ",
                                "not_finite input [0, 1]",
                                "out_of_range label [1]",
                                "out_of_range label [2]",
                                "wrong_shape label ",
                                "wrong_dtype weight ",
                                "wrong_shape weight ",
                                "wrong_shape grad_output "))
                .body(
                        "errors.find { it.code == 'unknown_field' && it.tensor == 'wieght' }.detail",
                        containsString("did you mean weight?"));
    }

    @Test
    void atMost32ProblemsAreListedAndAllAreCounted() {
        float[] scores = new float[100];
        Arrays.fill(scores, Float.NaN);
        byte[] body = Safetensors.file(
                "{" + member("input", "F32", "[10,10]", 0, 400) + "," + member("label", "I32", "[10]", 400, 440) + "}",
                Npy.floats(scores),
                new byte[40]);
        postTensors("", SAFETENSORS, body)
                .statusCode(422)
                .body("errors", hasSize(32))
                .body("errors_total", equalTo(100))
                .body("errors[31].index", contains(3, 1));
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
    void resultThatOverflowsNamesItsElement() {
        byte[] body = new Zip()
                .add("input", Npy.array("<f4", "(2, 2)", Npy.floats(0, 1, -3e38f, 3e38f)))
                .add("label", Npy.array("<i4", "(2,)", Npy.ints(0, 0)))
                .build();
        postTensors("?reduction=none&p=2", NPZ, body)
                .statusCode(422)
                .body("errors[0].code", equalTo("result_overflow"))
                .body("errors[0].tensor", equalTo("loss"))
                .body("errors[0].index", contains(1));
    }

    @Test
    void malformedBodiesStandAlone() {
        postTensors("?q=1", NPZ, Arrays.copyOf(EXAMPLE_NPZ, 200))
                .statusCode(400)
                .body("code", equalTo("malformed_npz"))
                .body("errors", hasSize(1))
                .body("errors[0].offset", equalTo(178));
        postTensors("?q=1", SAFETENSORS, EXAMPLE_NPZ)
                .statusCode(400)
                .body("code", equalTo("malformed_safetensors"))
                .body("errors[0].offset", equalTo(0));
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
    void limitsOfTheRoute() throws IOException {
        byte[] body = Safetensors.file(
                "{" + member("input", "F32", "[1,100001]", 0, 400_004) + ","
                        + member("label", "I32", "[1]", 400_004, 400_008) + "}",
                new byte[400_008]);
        postTensors("", SAFETENSORS, body)
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body("errors[0].tensor", equalTo("input"))
                .body("detail", equalTo("input has 100001 elements, the limit is 100000 (loss.limits.elements)"));

        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 65; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        tensors(SAFETENSORS, bomb.toByteArray())
                .header("Content-Encoding", "gzip")
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(413)
                .body("detail", containsString("loss.limits.tensor-body"));
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
