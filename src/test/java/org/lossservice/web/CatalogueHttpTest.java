package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service says of itself. */
class CatalogueHttpTest extends HttpTest {

    @Test
    void losses() {
        given().get("/v1/losses")
                .then()
                .statusCode(200)
                .body("losses.name", contains("multi-margin"))
                .body("losses[0].href", equalTo(ROUTE));
    }

    @Test
    void oneLoss() {
        given().get(ROUTE)
                .then()
                .statusCode(200)
                .body("parameters.name", equalTo(MultiMarginJson.FIELDS))
                .body("parameters.find { it.name == 'margin' }.default", equalTo(new BigDecimal("1.0")))
                .body("parameters.find { it.name == 'reduction' }.enum", contains("none", "mean", "sum"))
                .body("parameters.findAll { it.required }.name", contains("input", "label"))
                .body("formulas.documented", containsString("max(0, w[y_i] * z_ij)^p"));
    }

    @Test
    void capabilitiesAreThoseInForce() {
        given().get("/v1/capabilities")
                .then()
                .statusCode(200)
                .body("limits.json_body_bytes", equalTo(1 << 20))
                .body("limits.elements", equalTo(100_000))
                .body("dtypes", contains("float32", "float64"))
                .body("conventions", contains("documented", "pytorch", "paddle"))
                .body("formats.request", hasItem("application/json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void probesAnswerOnTheMainPort(String path) {
        given().get(path).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void rootLeadsToSwaggerUi() {
        given().redirects().follow(false).get("/").then().statusCode(302).header("Location", "/swagger-ui.html");
        given().get("/").then().statusCode(200).contentType("text/html").body(containsString("swagger-ui"));
    }

    @Test
    void headAndOptionsAnswerAsHttpSays() {
        given().head(ROUTE).then().statusCode(200).body(equalTo(""));
        given().options(ROUTE).then().statusCode(200).header("Allow", containsString("POST"));
    }

    @Test
    void openApiDocumentIsServed() {
        given().get("/openapi.yaml").then().statusCode(200).contentType("application/yaml");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        given().get("/v1/losses")
                .then()
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-store")
                .header("X-Frame-Options", "DENY")
                .header("Content-Security-Policy", containsString("default-src 'none'"));
    }

    @Test
    void parametersHaveTheFieldsOfTheRequest() {
        given().get(ROUTE).then().body("parameters.name", hasItems(MultiMarginJson.FIELDS.toArray(String[]::new)));
    }
}
