package org.lossservice.web;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.config.JsonConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.config.JsonPathConfig;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A running service on a port of its own, shared by all tests that talk HTTP to it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "loss.limits.json-body=1MB",
            "loss.limits.elements=100000",
            "loss.admission.drain=0s"
        })
abstract class HttpTest {

    static final String ROUTE = "/v1/losses/multi-margin";
    static final String PROBLEM = "application/problem+json";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    int port;

    @BeforeEach
    void talkToTheService() {
        // decimals as double: the default, float, would hide errors of float64
        RestAssured.requestSpecification = new RequestSpecBuilder()
                .setPort(port)
                .addFilter(new ContractFilter())
                .setConfig(RestAssuredConfig.config()
                        .jsonConfig(
                                JsonConfig.jsonConfig().numberReturnType(JsonPathConfig.NumberReturnType.BIG_DECIMAL)))
                .build();
    }

    /** A request with a JSON body. */
    static RequestSpecification json(String body) {
        return given().header("Content-Type", "application/json").body(body);
    }

    /** The answer of the loss route to a JSON body. */
    static ValidatableResponse post(String body) {
        return json(body).post(ROUTE).then();
    }

    /** As {@link #post}, for thousands of bodies: REST Assured takes its time. */
    HttpResponse<byte[]> postQuickly(byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + ROUTE))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Text with single quotes for double ones: JSON in a Java string that one can read. */
    static String quotes(String json) {
        return json.replace('\'', '"');
    }
}
