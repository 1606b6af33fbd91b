package org.lossservice.web;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.config.JsonConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.config.JsonPathConfig;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A running service on a port of its own, shared by all tests that talk HTTP to it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "loss.limits.json-body=1MB", "loss.limits.elements=100000"})
abstract class HttpTest {

    static final String ROUTE = "/v1/losses/multi-margin";
    static final String PROBLEM = "application/problem+json";

    @LocalServerPort
    int port;

    @BeforeEach
    void talkToTheService() {
        // decimals as double: the default, float, would hide errors of float64
        RestAssured.requestSpecification = new RequestSpecBuilder()
                .setPort(port)
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

    /** Text with single quotes for double ones: JSON in a Java string that one can read. */
    static String quotes(String json) {
        return json.replace('\'', '"');
    }
}
