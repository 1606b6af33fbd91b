package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.lossservice.format.Safetensors.member;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.format.Npy;
import org.lossservice.format.Safetensors;
import org.lossservice.format.Zip;

/** What the binary route refuses: parameters, tensors, media types, bodies over their limits. */
class TensorProblemsHttpTest extends HttpTest {

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
        TensorsHttpTest.tensors(TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .header("Accept", accept)
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(406)
                .contentType(PROBLEM)
                .body("code", equalTo("not_acceptable"))
                .body("detail", containsString("application/vnd.safetensors, application/json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/octet-stream", "application/zip", "text/plain", ""})
    void mediaTypes(String type) {
        TensorsHttpTest.postTensors("", type, TensorsHttpTest.EXAMPLE_NPZ)
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
                .header("Allow", equalTo("POST, OPTIONS"))
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
        TensorsHttpTest.postTensors(query, TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(422)
                .contentType(PROBLEM)
                .body("errors", hasSize(1))
                .body("errors[0].code", equalTo(code))
                .body("errors[0].parameter", equalTo(parameter))
                .body("errors[0].tensor", equalTo(null))
                .body("errors[0].pointer", equalTo(null));
    }

    @Test
    void tensorsAreNoParameters() {
        TensorsHttpTest.postTensors("?weight=1", TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .body("detail", equalTo("unknown query parameter \"weight\"; send it as a tensor of the body"));
        TensorsHttpTest.postTensors("?reductions=sum", TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .body("detail", equalTo("unknown query parameter \"reductions\"; did you mean reduction?"));
    }

    @ParameterizedTest
    @CsvSource({TensorsHttpTest.NPZ + ", malformed_npz", TensorsHttpTest.SAFETENSORS + ", malformed_safetensors"})
    void emptyBody(String type, String code) {
        TensorsHttpTest.postTensors("", type, new byte[0])
                .statusCode(400)
                .body("code", equalTo(code))
                .body("errors[0].offset", equalTo(0))
                .body("detail", equalTo("the body is empty (at byte 0)"));
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
        TensorsHttpTest.postTensors(
                        query + "&convention=documented&reduction=none",
                        TensorsHttpTest.NPZ,
                        TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(query.contains("p=2147483647") ? 422 : 200);
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
        TensorsHttpTest.postTensors("?margin=x&q=1", TensorsHttpTest.NPZ, body)
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
                        containsString("did you mean weight?"))
                .body(
                        "errors.find { it.code == 'unknown_field' && it.tensor == 'margin' }.detail",
                        equalTo("unknown tensor \"margin\"; send it as a query parameter"));
    }

    /** The words are those of the JSON route. */
    @Test
    void marginThatIsTooLargeOrTooLong() {
        TensorsHttpTest.postTensors("?margin=1e39", TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .body("detail", equalTo("1e39 is too large for float32, whose largest number is 3.4028235E38"));
        TensorsHttpTest.postTensors("?margin=1." + "0".repeat(998), TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(200);
        TensorsHttpTest.postTensors("?margin=1." + "0".repeat(999), TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body("errors[0].parameter", equalTo("margin"))
                .body("detail", equalTo("margin has 1001 characters, the limit is 1000 (loss.limits.number-length)"));
    }

    /** One cause is one fault: what has no dimension has no length that could be wrong as well. */
    @ParameterizedTest
    @ValueSource(strings = {"label", "weight", "grad_output"})
    void tensorWithoutDimensions(String name) {
        Zip zip = new Zip().add("input", Npy.array("<f4", "(2, 2)", Npy.floats(0, 1, 2, 3)));
        if (!name.equals("label")) {
            zip.add("label", Npy.array("<i4", "(2,)", Npy.ints(0, 1)));
        }
        zip.add(
                name,
                name.equals("label") ? Npy.array("<i4", "()", Npy.ints(0)) : Npy.array("<f4", "()", Npy.floats(1)));
        TensorsHttpTest.postTensors("?reduction=none", TensorsHttpTest.NPZ, zip.build())
                .statusCode(422)
                .body("errors_total", equalTo(1))
                .body("errors[0].code", equalTo("wrong_shape"))
                .body("errors[0].tensor", equalTo(name))
                .body("detail", containsString("must have one dimension"));
    }

    @Test
    void atMost32ProblemsAreListedAndAllAreCounted() {
        float[] scores = new float[100];
        Arrays.fill(scores, Float.NaN);
        byte[] body = Safetensors.file(
                "{" + member("input", "F32", "[10,10]", 0, 400) + "," + member("label", "I32", "[10]", 400, 440) + "}",
                Npy.floats(scores),
                new byte[40]);
        TensorsHttpTest.postTensors("", TensorsHttpTest.SAFETENSORS, body)
                .statusCode(422)
                .body("errors", hasSize(32))
                .body("errors_total", equalTo(100))
                .body("errors[31].index", contains(3, 1));
    }

    @Test
    void resultThatOverflowsNamesItsElement() {
        byte[] body = new Zip()
                .add("input", Npy.array("<f4", "(2, 2)", Npy.floats(0, 1, -3e38f, 3e38f)))
                .add("label", Npy.array("<i4", "(2,)", Npy.ints(0, 0)))
                .build();
        TensorsHttpTest.postTensors("?reduction=none&p=2", TensorsHttpTest.NPZ, body)
                .statusCode(422)
                .body("errors[0].code", equalTo("result_overflow"))
                .body("errors[0].tensor", equalTo("loss"))
                .body("errors[0].index", contains(1));
    }

    @Test
    void malformedBodiesStandAlone() {
        TensorsHttpTest.postTensors("?q=1", TensorsHttpTest.NPZ, Arrays.copyOf(TensorsHttpTest.EXAMPLE_NPZ, 200))
                .statusCode(400)
                .body("code", equalTo("malformed_npz"))
                .body("errors", hasSize(1))
                .body("errors[0].offset", equalTo(178));
        TensorsHttpTest.postTensors("?q=1", TensorsHttpTest.SAFETENSORS, TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(400)
                .body("code", equalTo("malformed_safetensors"))
                .body("errors[0].offset", equalTo(0));
    }

    @Test
    void limitsOfTheRoute() throws IOException {
        byte[] body = Safetensors.file(
                "{" + member("input", "F32", "[1,100001]", 0, 400_004) + ","
                        + member("label", "I32", "[1]", 400_004, 400_008) + "}",
                new byte[400_008]);
        TensorsHttpTest.postTensors("", TensorsHttpTest.SAFETENSORS, body)
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
        TensorsHttpTest.tensors(TensorsHttpTest.SAFETENSORS, bomb.toByteArray())
                .header("Content-Encoding", "gzip")
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(413)
                .body("detail", containsString("loss.limits.tensor-body"));
    }
}
