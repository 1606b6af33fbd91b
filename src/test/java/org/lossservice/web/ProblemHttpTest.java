package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Every refusal, whoever makes it, is a problem of RFC 9457 that says what would be right and nothing about the inside. */
@Import(ProblemHttpTest.Broken.class)
class ProblemHttpTest extends HttpTest {

    @LocalManagementPort
    int managementPort;

    /** A route with a bug. */
    @TestConfiguration
    @RestController
    static class Broken {
        @GetMapping("/broken")
        String broken() {
            throw new IllegalArgumentException("the password is hunter2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /nowhere,            404, not_found",
        "GET,    /v1/losses/unknown,  404, not_found",
        "GET,    /v1/losses/,         404, not_found",
        "GET,    /actuator/health,    404, not_found",
        "POST,   /nowhere,            404, not_found",
        "DELETE, /v1/losses,          405, method_not_allowed",
        "PUT,    /v1/losses/multi-margin, 405, method_not_allowed",
        "POST,   /v1/capabilities,    405, method_not_allowed",
        "POST,   /livez,              405, method_not_allowed",
        "TRACE,  /v1/losses,          405, method_not_allowed",
    })
    void routesAndMethods(String method, String path, int status, String code) {
        given().request(method, path)
                .then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("type", equalTo("about:blank"))
                .body("status", equalTo(status))
                .body("code", equalTo(code))
                .body("instance", equalTo(path))
                .body("errors[0].code", equalTo(code))
                .body("request_id", matchesPattern("[0-9a-f-]{36}"));
    }

    /** What a refusal says is allowed is what OPTIONS says, and all of it is. */
    @ParameterizedTest
    @CsvSource({
        "/v1/losses/multi-margin, 'GET HEAD OPTIONS POST'",
        "/v1/losses/multi-margin/tensors, 'OPTIONS POST'",
        "/v1/losses, 'GET HEAD OPTIONS'",
        "/v1/capabilities, 'GET HEAD OPTIONS'",
        "/livez, 'GET HEAD OPTIONS'",
        "/, 'GET HEAD OPTIONS'",
        "/openapi.yaml, 'GET HEAD OPTIONS'",
        "/v3/api-docs, 'GET HEAD OPTIONS'",
        "/swagger-ui/index.html, 'GET HEAD OPTIONS'",
    })
    void methodsThatAreAllowed(String path, String methods) {
        for (String method : List.of("DELETE", "TRACE", "PROPFIND")) {
            Response refused = given().header("X-Secret", "s3cr3t").request(method, path);
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(allowed(refused)).as(method).isEqualTo(methods);
            assertThat(refused.jsonPath().getString("detail")).contains(methods.split(" "));
            assertThat(refused.asString()).doesNotContain("s3cr3t");
        }
        Response options = given().options(path);
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(allowed(options)).isEqualTo(methods);
        assertThat(options.getHeader("Accept-Patch")).isNull();
        assertThat(options.asString()).isEmpty();
    }

    /** It asks about the path alone, so a query that the path does not take is no fault of it. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/losses/multi-margin?p=2", "/v1/losses?page=1", "/v1/losses/multi-margin/tensors?x=1"})
    void optionsUsesNoQuery(String path) {
        given().options(path).then().statusCode(200).header("Allow", containsString("OPTIONS"));
    }

    /** Only the files of Swagger UI have ranges. */
    @Test
    void rangesThatAreNotThere() {
        given().header("Range", "bytes=99999999-")
                .get("/swagger-ui/index.html")
                .then()
                .statusCode(416)
                .contentType(PROBLEM)
                .header("Content-Range", matchesPattern("bytes \\*/[0-9]+"))
                .body("status", equalTo(416))
                .body("code", equalTo("malformed_request"))
                .body("detail", containsString("Range"))
                .body("errors_total", equalTo(1));
    }

    private static String allowed(Response response) {
        return Arrays.stream(response.getHeader("Allow").split(", *")).sorted().collect(Collectors.joining(" "));
    }

    /** Of the server as a whole; the container answers it without asking any of us. */
    @Test
    void optionsOfTheServer() throws IOException {
        String answer = exchange("OPTIONS * HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Allow: GET, HEAD, POST, OPTIONS\r\n")
                .contains("X-Request-Id: abc\r\n")
                .contains("Cache-Control: no-store\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "not a type", ""})
    void mediaTypes(String type) throws IOException {
        // REST Assured would not send some of these
        String request =
                "POST " + ROUTE + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\nContent-Type: "
                        + type + "\r\n\r\nx";
        String answer = exchange(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer)
                .startsWith("HTTP/1.1 415")
                .containsIgnoringCase("Content-Type: " + PROBLEM)
                .containsPattern("(?i)\nAccept: [^\n]*application/json")
                // RFC 7694, section 3: only where the coding is at fault
                .doesNotContainIgnoringCase("Accept-Encoding:")
                .contains("\"code\":\"unsupported_media_type\"")
                .containsPattern("\"detail\":\"[^\"]*application/json");
    }

    @Test
    void unacceptable() {
        json("{}")
                .header("Accept", "text/html")
                .post(ROUTE)
                .then()
                .statusCode(406)
                .contentType(PROBLEM)
                .body("code", equalTo("not_acceptable"))
                .body("detail", containsString("application/json"));
    }

    /** What has a quality of zero is not acceptable, and the range that says most about a type decides. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/losses/multi-margin | POST | application/json;q=0",
                "/v1/losses/multi-margin | POST | */*;q=0, text/html",
                "/v1/losses/multi-margin | POST | application/*;q=0, */*",
                "/v1/losses/multi-margin | GET  | application/json;q=0, */*",
                "/v1/capabilities        | GET  | application/json;q=0",
                "/v1/capabilities        | GET  | */*;q=0, text/html",
                "/v1/capabilities        | GET  | application/*;q=0, */*",
                "/openapi.yaml           | GET  | application/yaml;q=0.0, */*",
                "/livez                  | GET  | application/*;q=0, */*",
            })
    void qualityOfZeroIsUnacceptable(String path, String method, String accept) {
        json("{\"input\":[[1,2]],\"label\":[0]}")
                .header("Accept", accept)
                .request(method, path)
                .then()
                .statusCode(406)
                .contentType(PROBLEM)
                .body("code", equalTo("not_acceptable"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/capabilities | */*;q=0, application/json             | application/json",
                "/v1/capabilities | application/json;q=0.001, */*;q=0     | application/json",
                "/livez           | application/json                      | application/json",
                "/livez           | */*                                   | application/vnd.spring-boot.actuator.v3+json",
                "/livez           | application/vnd.spring-boot.actuator.v3+json;q=0, application/json | application/json",
            })
    void acceptChooses(String path, String accept, String type) {
        given().header("Accept", accept).get(path).then().statusCode(200).contentType(type);
    }

    /** A name of the client's own is a location where it is not too long. */
    @ParameterizedTest
    @CsvSource({"64, 64", "65,"})
    void longNamesAreNoLocation(int length, Integer located) {
        String name = "q".repeat(length);
        String parameter = located == null ? null : name;
        given().queryParam(name, 1)
                .get("/v1/losses")
                .then()
                .statusCode(422)
                .body("errors[0].parameter", equalTo(parameter))
                .body("errors[0].containsKey('parameter')", equalTo(located != null));
        TensorsHttpTest.postTensors("?" + name + "=1", TensorsHttpTest.NPZ, TensorsHttpTest.EXAMPLE_NPZ)
                .statusCode(422)
                .body("errors[0].code", equalTo("unknown_parameter"))
                .body("errors[0].parameter", equalTo(parameter))
                .body("errors[0].containsKey('parameter')", equalTo(located != null));
    }

    @Test
    void queryParametersHaveNoMeaningHere() {
        json("{}")
                .queryParam("p", 2)
                .post(ROUTE)
                .then()
                .statusCode(422)
                .body("code", equalTo("unknown_parameter"))
                .body("errors[0].parameter", equalTo("p"))
                .body("errors[0].detail", containsString("field of the JSON body"));
        given().queryParam("p", 2)
                .get(ROUTE)
                .then()
                .statusCode(422)
                .body("errors_total", equalTo(1))
                .body("errors[0].parameter", equalTo("p"))
                .body("errors[0].detail", equalTo("this path takes no query parameters, found \"p\""));
        given().queryParam("p", 2)
                .get("/v1/capabilities")
                .then()
                .statusCode(422)
                .body("errors_total", equalTo(1))
                .body("errors[0].parameter", equalTo("p"));
        given().queryParam("p", 2).head("/v1/capabilities").then().statusCode(422);
    }

    /** As on the binary route; what cannot be parsed stands alone. */
    @Test
    void queryParametersAreToldTogetherWithTheBody() {
        json("{\"input\":[[1,2]],\"label\":[2],\"p\":0}")
                .queryParam("margin", 2)
                .post(ROUTE)
                .then()
                .statusCode(422)
                .body("errors.code", contains("unknown_parameter", "out_of_range", "out_of_range"))
                .body("errors[0].parameter", equalTo("margin"))
                .body("errors[1].pointer", equalTo("#/p"))
                .body("errors[2].pointer", equalTo("#/label/0"));
        json("{")
                .queryParam("margin", 2)
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("errors.code", contains("malformed_json"));
    }

    @Test
    void bugIsA500ThatLeaksNothing() {
        given().get("/broken")
                .then()
                .statusCode(500)
                .contentType(PROBLEM)
                .body("code", equalTo("internal_error"))
                .body(not(containsString("hunter2")))
                .body(not(containsString("Exception")))
                .body(not(containsString("org.")));
    }

    /** What Tomcat refuses before any of our code runs. */
    @ParameterizedTest
    @CsvSource({
        "'GARBAGE\r\n\r\n', 400, malformed_request, not a valid HTTP request",
        "'GET / HTTP/1.1\r\n\r\n', 400, malformed_request, not a valid HTTP request",
        "'GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, malformed_request, not a valid HTTP request",
        "'GET /{} HTTP/1.1\r\nHost: a\r\n\r\n', 400, malformed_request, not a valid HTTP request",
        "'GET /v1\\losses HTTP/1.1\r\nHost: a\r\n\r\n', 400, malformed_request, not a valid HTTP request",
        "'GET /v1/losses?a=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, malformed_request, query parameter",
        "'GET / HTTP/7.0\r\nHost: a\r\nConnection: close\r\n\r\n', 505, malformed_request, version of HTTP",
        "'POST /v1/losses HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 501, malformed_request, Transfer-Encoding",
        "'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 501, malformed_request, CONNECT",
        "'GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n', 417, malformed_request, the Expect header",
    })
    void malformedRequests(String request, int status, String code, String detail) throws IOException {
        String answer = exchange(request.getBytes(StandardCharsets.ISO_8859_1));
        isProblem(answer, status, code, detail);
        assertThat(answer).contains("Connection: close\r\n");
    }

    /** The container drops what follows a ; and does not look at it. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/losses;a=%zz", "/v1/losses;%", "/livez;a=b;%4", "/;%zz/v1/losses"})
    void pathsWhoseParametersCannotBeDecoded(String path) throws IOException {
        String answer = send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        isProblem(answer, 400, "malformed_request", "what follows a ; in the path cannot be decoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/a\\b", "/..;/actuator"})
    void malformedRequestsOnThePortForOperators(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        isProblem(
                exchange(managementPort, request.getBytes(StandardCharsets.US_ASCII)),
                400,
                "malformed_request",
                "HTTP");
    }

    /** What cannot be decoded is located by its name, as it came in. */
    @ParameterizedTest
    @CsvSource({
        "name=%zz, name",
        "name=%, name",
        "name=%4, name",
        "p=2&name=%ff&margin=%zz, name",
        "name=%EF%BF%BD&q=%C3%28, q",
        "a%zz=1, a%zz",
        "p=2&=3,",
    })
    void queriesThatCannotBeDecoded(String query, String parameter) throws IOException {
        String located = parameter == null ? "has no name" : "query parameter \\\"" + parameter;
        for (String path : List.of("/v1/losses", ROUTE, ROUTE + "/tensors")) {
            String method = path.equals("/v1/losses") ? "GET" : "POST";
            String type = path.equals(ROUTE) ? "application/json" : TensorsHttpTest.NPZ;
            String answer = send(method + " " + path + "?" + query + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type
                    + "\r\nContent-Length: 0\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 400").contains("\"malformed_request\"", located);
            if (parameter == null) {
                assertThat(answer).doesNotContain("\"parameter\"");
            } else {
                assertThat(answer).contains("\"parameter\":\"" + parameter + "\"");
            }
        }
    }

    private static void isProblem(String answer, int status, String code, String detail) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("Content-Type: application/problem+json")
                .contains("X-Request-Id: ")
                .contains("Cache-Control: no-store")
                .contains("\"status\":" + status)
                .contains("\"code\":\"" + code + "\"")
                .containsPattern("\"detail\":\"[^\"]*" + detail)
                .doesNotContain("Tomcat");
    }

    @Test
    void requestsThatAreTooLarge() throws IOException {
        String head = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        String most = "head of a request may have 8192 bytes \\(server.max-http-request-header-size\\)";
        isProblem(send("GET /" + "a".repeat(9000) + head + "\r\n"), 414, "too_large", "request line.*" + most + "\"");
        isProblem(send("GET /?" + "a".repeat(9000) + head + "\r\n"), 414, "too_large", "request line");
        isProblem(send("GET /" + "a".repeat(40_000) + head + "\r\n"), 414, "too_large", "request line");
        isProblem(send("A".repeat(9000)), 414, "too_large", "request line");
        // just above what a head may have, and just below
        isProblem(send("GET /" + "a".repeat(8178) + head + "\r\n"), 414, "too_large", "request line");
        isProblem(send("GET /?" + "a".repeat(8177) + head + "\r\n"), 414, "too_large", "request line");
        isProblem(send("GET /" + "a".repeat(8176) + head + "\r\n"), 431, "too_large", "header fields");
        isProblem(send("GET /?" + "a".repeat(8175) + head + "\r\n"), 431, "too_large", "header fields");
        isProblem(
                send("GET /v1/losses" + head + "X: " + "a".repeat(9000) + "\r\n\r\n"),
                431,
                "too_large",
                "header fields");
        String fields =
                IntStream.range(0, 120).mapToObj(i -> "X" + i + ": 1\r\n").collect(Collectors.joining());
        isProblem(send("GET /v1/losses" + head + fields + "\r\n"), 431, "too_large", most + " and 100 fields\"");
        String query = IntStream.range(0, 1100).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));
        String answer = send("GET /v1/losses?" + query + head + "\r\n");
        isProblem(answer, 422, "unknown_parameter", "1100 problems");
        assertThat(answer).contains("\"errors_total\":1100");
    }

    private String send(String request) throws IOException {
        return exchange(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** JSON is UTF-8, whatever is said of it: a body in another charset would be read wrongly. */
    @ParameterizedTest
    @CsvSource({
        "utf-8, 200",
        "UTF-8, 200",
        "\"utf-8\", 200",
        "utf8, 200",
        "utf-16, 415",
        "latin1, 415",
        "\"iso-8859-1\", 415",
        "us-ascii, 415",
        "nonsense, 415",
    })
    void charsets(String charset, int status) throws IOException {
        String body = "{\"input\":[[1,2]],\"label\":[0]}";
        String answer = send("POST " + ROUTE + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\nContent-Type: application/json; charset=" + charset + "\r\n\r\n" + body);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        if (status == 415) {
            isProblem(answer, 415, "unsupported_media_type", "application/json");
            assertThat(answer).contains("\nAccept: application/json\r\n");
        }
    }

    @Test
    void announcedBodyOverTheLimit() {
        json(" ".repeat((1 << 20) + 1))
                .post(ROUTE)
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("code", equalTo("too_large"))
                .body("detail", containsString("1048577 bytes, the limit is 1048576 (loss.limits.json-body)"));
    }

    /** Chunked bodies announce nothing: they are counted. */
    @Test
    void countedBodyOverTheLimit() throws IOException {
        StringBuilder request = new StringBuilder("POST " + ROUTE + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
        String answer = exchange(
                request.append(chunk.repeat(65)).append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        isProblem(
                answer,
                413,
                "too_large",
                "the body has 1048577 or more bytes, and was read no further; the limit is 1048576 .loss.limits.json-body");
    }

    @Test
    void moreElementsThanTheLimit() {
        String body = "{\"input\":[[" + "1,".repeat(100_000) + "1]],\"label\":[0]}";
        post(body)
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body(
                        "detail",
                        equalTo("\"input\" has 100001 or more elements, and was read no further; the limit is 100000"
                                + " (loss.limits.elements)"))
                .body("errors[0].pointer", equalTo("#/input"));
    }

    /** What is counted while it is read ends the reading; the length of a text is known. */
    @ParameterizedTest
    @CsvSource({
        "depth,         31, 422,",
        "depth,         32, 413, '33 or more levels of nesting, and was read no further; the limit is 32 ('",
        "number-length, 1000, 200,",
        "number-length, 1001, 413, 'a number in \"input\" has 1001 characters, the limit is 1000 ('",
        "string-length, 10000, 422,",
        "string-length, 10001, 413, 'a string in \"name\" has 10001 characters, the limit is 10000 ('",
    })
    void limitsOfJson(String limit, int size, int status, String detail) {
        String body = switch (limit) {
            case "depth" -> "{'x':" + "[".repeat(size) + "]".repeat(size) + ",'input':[[0]],'label':[0]}";
            case "number-length" -> "{'input':[[1." + "0".repeat(size - 2) + "]],'label':[0]}";
            default -> "{'name':'" + "s".repeat(size) + "','input':[[0]],'label':[0]}";
        };
        ValidatableResponse response = post(quotes(body)).statusCode(status);
        if (status == 413) {
            String pointer = switch (limit) {
                case "depth" -> "#/x";
                case "number-length" -> "#/input";
                default -> "#/name";
            };
            response.body("code", equalTo("too_large"))
                    .body("detail", containsString(detail + "loss.limits." + limit))
                    .body("errors[0].pointer", equalTo(pointer));
        }
    }

    /** A string that is the body, or the name of a member, lies in no member. */
    @ParameterizedTest
    @ValueSource(strings = {"'%s'", "{'%s':1}"})
    void longStringsOutsideMembers(String body) {
        post(quotes(body.formatted("s".repeat(10_001))))
                .statusCode(413)
                .body(
                        "detail",
                        equalTo("a string has 10001 characters, the limit is 10000 (loss.limits.string-length)"))
                .body("errors[0].pointer", nullValue());
    }

    @Test
    void longNamesAreNotEchoedWhereAllIsTooLarge() {
        post("{\"" + "q".repeat(5000) + "\":" + "[".repeat(40) + "]".repeat(40) + "}")
                .statusCode(413)
                .body("detail.length()", lessThan(200));
    }

    @Test
    void requestIdsAreTakenWhereTheyAreHarmless() {
        given().header("X-Request-Id", "abc-1.2_3").get("/nowhere").then().body("request_id", equalTo("abc-1.2_3"));
        given().header("X-Request-Id", "a b")
                .get("/nowhere")
                .then()
                .header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
        given().header("X-Request-Id", "a".repeat(65))
                .get("/v1/losses")
                .then()
                .header("X-Request-Id", not("a".repeat(65)));
    }

    private String exchange(byte[] request) throws IOException {
        return exchange(port, request);
    }

    private static String exchange(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
