package org.lossservice.deployment;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;

import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The jar of the container's image, with the beans that the build decided and with settings that decide anew. */
class PreparedContextIT {

    private static final String PREPARED = "Starting AOT-processed";
    private static final String ROUTE = "/v1/losses/multi-margin";

    @Test
    void preparedContextServes() throws IOException, InterruptedException {
        Map<String, String> gateway = Map.of("SERVER_FORWARD_HEADERS_STRATEGY", "framework");
        try (Jar jar = new Jar(gateway, "--loss.limits.elements=1000")) {
            assertThat(jar.log()).contains(PREPARED);
            losses(jar.port());
            pages(jar.port());
            management(jar.managementPort());
        }
    }

    private static void losses(int port) throws IOException {
        loss(port)
                .body("{\"input\":[[1,-2,3],[0,-1,2],[1,0,1]],\"label\":[0,1,2]}")
                .post(ROUTE)
                .then()
                .statusCode(200)
                // 10/9
                .body("loss.data", contains(1.1111112f));
        loss(port)
                .body("{\"input\":[[1,2],[3]],\"label\":[0,5]}")
                .post(ROUTE)
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors.pointer", hasItem("#/input/1"));
        loss(port)
                .body("{\"input\":[" + "[1],".repeat(1000) + "[1]],\"label\":[]}")
                .post(ROUTE)
                .then()
                .statusCode(413);
        given().port(port)
                .contentType("application/x-npz")
                .body(Files.readAllBytes(Path.of("src/test/resources/tensors/savez-all.npz")))
                .post(ROUTE + "/tensors")
                .then()
                .statusCode(200)
                .contentType("application/x-npz");
    }

    private static void pages(int port) {
        for (String page :
                List.of("/openapi.yaml", "/v3/api-docs", "/swagger-ui/index.html", "/v1/capabilities", "/readyz")) {
            given().port(port).get(page).then().statusCode(200);
        }
        given().port(port)
                .header("X-Forwarded-Host", "gateway.example")
                .header("X-Forwarded-Prefix", "/loss")
                .redirects()
                .follow(false)
                .get("/")
                .then()
                .statusCode(302)
                .header("Location", containsString("/loss/swagger-ui.html"));
    }

    private static void management(int port) {
        given().port(port).get("/actuator/prometheus").then().statusCode(200).body(containsString("loss_batch_rows"));
        for (String page : List.of("/actuator/health", "/actuator/info", "/actuator/sbom/application")) {
            given().port(port).get(page).then().statusCode(200);
        }
    }

    /** OpenTelemetry's variable makes a setting of Spring's, and that another bean. */
    @Test
    void settingsThatDecideBeansAreObeyed() throws IOException, InterruptedException {
        Map<String, String> tracing = Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces");
        try (Jar jar = new Jar(tracing, "--management.endpoints.web.exposure.include=beans")) {
            assertThat(jar.log()).doesNotContain(PREPARED);
            given().port(jar.managementPort())
                    .get("/actuator/beans")
                    .then()
                    .statusCode(200)
                    .body(containsString("otlpHttpSpanExporter"));
        }
    }

    private static RequestSpecification loss(int port) {
        return given().port(port).contentType("application/json");
    }
}
