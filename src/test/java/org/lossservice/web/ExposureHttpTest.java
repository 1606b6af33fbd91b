package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** What strangers can see, send and make the service do. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = {"loss.cors.allowed-origins=https://notebook.example", "loss.limits.json-answer=16KB"})
class ExposureHttpTest extends HttpTest {

    private static final String GOOD = "{\"input\":[[1,2]],\"label\":[0]}";

    @Test
    void answersThatMightBeTooLongAreNotComputed() {
        String row = "[0" + ",0".repeat(999) + "]";
        post("{\"input\":[" + row + "],\"label\":[0]}")
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body("detail", containsString("the limit is 16384 (loss.limits.json-answer)"));
        post("{\"input\":[" + row + "],\"label\":[0],\"return_gradient\":false}")
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"/v1/losses", "/nowhere", "/v1/losses/multi-margin?x=1", "/livez", "/openapi.yaml"})
    void headersOfEveryAnswer(String path) {
        given().get(path)
                .then()
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Server", nullValue())
                .header("X-Powered-By", nullValue());
    }

    @Test
    void pagesOfAllowedOriginsMayReadAnswers() {
        given().header("Origin", "https://notebook.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .options(ROUTE)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", "https://notebook.example")
                .header("Access-Control-Allow-Methods", containsString("POST"));
        json(GOOD)
                .header("Origin", "https://notebook.example")
                .post(ROUTE)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", "https://notebook.example");
    }

    /** The service itself refuses them, as a problem that the page can read. */
    @Test
    void pagesOfTheOriginsThatWereConfiguredAreToldOfMethodsThatAreNotTaken() {
        given().header("Origin", "https://notebook.example")
                .header("Access-Control-Request-Method", "DELETE")
                .options(ROUTE)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Methods", equalTo("DELETE"));
        given().header("Origin", "https://notebook.example")
                .delete(ROUTE)
                .then()
                .statusCode(405)
                .header("Allow", containsString("POST"))
                .header("Access-Control-Allow-Origin", "https://notebook.example")
                .body("code", equalTo("method_not_allowed"));
    }

    @Test
    void pagesOfOtherOriginsMayNot() {
        given().header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .options(ROUTE)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", nullValue())
                .header("Allow", allOf(containsString("POST"), not(containsString("DELETE"))));
        json(GOOD)
                .header("Origin", "https://evil.example")
                .post(ROUTE)
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", nullValue());
    }

    @Test
    void forwardedHeadersAreNotBelieved() {
        given().header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "host=evil.example")
                .redirects()
                .follow(false)
                .get("/")
                .then()
                .statusCode(302)
                .header("Location", "/swagger-ui.html");
    }

    /** springdoc asks for them itself. */
    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Port, x",
        "X-Forwarded-Host, evil.example",
        "X-Forwarded-Prefix, /evil",
        "Forwarded, 'host=\"a:b\"'"
    })
    void forwardedHeadersChangeNothingInSwaggerUi(String name, String value) {
        given().header(name, value)
                .redirects()
                .follow(false)
                .get("/swagger-ui.html")
                .then()
                .statusCode(302)
                .header("Location", "/swagger-ui/index.html");
        String plain = given().get("/v3/api-docs/swagger-config")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        given().header(name, value)
                .get("/v3/api-docs/swagger-config")
                .then()
                .statusCode(200)
                .body(equalTo(plain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health",
                "/actuator/env",
                "/actuator/heapdump",
                "/error",
                "/v3/api-docs/any"
            })
    void nothingElseIsThere(String path) {
        given().get(path).then().statusCode(404).body("code", equalTo("not_found"));
    }

    /** Each request is one line of the log, whatever is in it, and strangers write no others. */
    @Test
    void linesOfTheLogCannotBeForged() throws InterruptedException {
        try (EcsLog log = new EcsLog()) {
            given().header("X-Request-Id", "forged%0aINFO")
                    .urlEncodingEnabled(false)
                    .get("/first%0d%0aINFO%20forged")
                    .then()
                    .statusCode(404);
            json("{\"name\":\"\\nINFO forged\",\"input\":[[1]],\"label\":[7]}")
                    .post(ROUTE)
                    .then()
                    .statusCode(422);
            given().get("/last").then().statusCode(404);
            assertThat(log.line("/last")).contains("\"status_code\":404");
            assertThat(log.line("/first")).contains("\"path\":\"/first%0d%0aINFO%20forged\"");
            assertThat(log.text().lines().filter(line -> line.contains("org.lossservice.access")))
                    .hasSize(3);
            assertThat(log.text().lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        }
    }

    /** What cannot be parsed, and paths that lead out of where they are. */
    @Test
    void strangersDoNotFillTheLog(CapturedOutput output) throws IOException {
        for (String target : List.of(
                "/swagger-ui/../actuator",
                "/swagger-ui/..%2factuator",
                "/swagger-ui/%2e%2e/x",
                "/v1\\losses",
                "/a\u0001b",
                "/v1/losses?a=%zz",
                "//evil/..",
                "/;/x",
                "/" + "a".repeat(9000))) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream()
                        .write(("GET " + target
                                        + " HTTP/1.1\r\nHost: x\r\nCookie: a=\u0002;b\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).as(target).startsWith("HTTP/1.1 4");
            }
        }
        assertThat(output.getAll().lines().filter(line -> line.contains("-handler-") || line.startsWith("\tat ")))
                .allMatch(line -> line.contains("nitializ"));
    }
}
