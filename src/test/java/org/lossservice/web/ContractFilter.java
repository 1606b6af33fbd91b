package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds what tests send and receive against openapi.yaml: the status, the media type, and JSON by its schema. */
final class ContractFilter implements Filter {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Override
    public Response filter(
            FilterableRequestSpecification request,
            FilterableResponseSpecification specification,
            FilterContext context) {
        Response response = context.next(request, specification);
        JsonNode operation = OpenApi.operation(URI.create(request.getURI()).getPath(), request.getMethod());
        if (operation.isMissingNode()) {
            checkUndocumented(response);
        } else {
            checkAnswer(operation, response);
            if (response.statusCode() == 200 && request.getBody() instanceof String body) {
                JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
                assertThat(OpenApi.violations(schema, MAPPER.readTree(body))).isEmpty();
            }
        }
        return response;
    }

    /** What no operation describes is an error like any other, or no answer with a body. */
    private static void checkUndocumented(Response response) {
        if (response.statusCode() >= 400 && !response.asString().isEmpty()) {
            assertThat(response.contentType()).isEqualTo(HttpTest.PROBLEM);
            assertThat(OpenApi.violations(OpenApi.schema("Problem"), MAPPER.readTree(response.asByteArray())))
                    .isEmpty();
        }
    }

    private static void checkAnswer(JsonNode operation, Response response) {
        JsonNode documented = OpenApi.resolved(operation.path("responses").path("" + response.statusCode()));
        assertThat(documented.isMissingNode())
                .as("status %d is documented", response.statusCode())
                .isFalse();
        if (response.asByteArray().length == 0) {
            return;
        }
        String type = response.contentType().replaceAll(";.*", "");
        JsonNode content = documented.path("content").path(type);
        assertThat(content.isMissingNode()).as("%s is documented", type).isFalse();
        if (type.endsWith("json")) {
            assertThat(OpenApi.violations(content.get("schema"), MAPPER.readTree(response.asByteArray())))
                    .isEmpty();
        }
    }
}
