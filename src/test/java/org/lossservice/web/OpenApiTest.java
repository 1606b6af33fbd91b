package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lossservice.loss.NonFinite;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** openapi.yaml says what the code does. */
class OpenApiTest extends HttpTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Autowired
    RequestMappingHandlerMapping requestMappingHandlerMapping;

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asString()));
        return texts;
    }

    private static List<String> texts(Object[] values) {
        return Arrays.stream(values).map(Object::toString).toList();
    }

    @Test
    void routes() {
        Set<String> documented = new TreeSet<>();
        OpenApi.DOCUMENT
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> documented.add(method + " " + path.getKey())));
        Set<String> mapped = new TreeSet<>(Set.of("get /livez", "get /readyz"));
        requestMappingHandlerMapping.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getPackageName().equals("org.lossservice.web")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> mapping.getPatternValues()
                                .forEach(path -> mapped.add(method.name().toLowerCase(Locale.ROOT) + " " + path)));
            }
        });
        mapped.remove("get /");
        mapped.removeIf(route -> route.contains("/test/"));
        assertThat(documented).isEqualTo(mapped);
    }

    @Test
    void fields() {
        JsonNode schema = OpenApi.schema("MultiMarginRequest");
        assertThat(schema.get("properties").propertyNames()).containsExactlyElementsOf(MultiMarginJson.FIELDS);
        assertThat(texts(schema.get("required")))
                .containsExactlyInAnyOrderElementsOf(MultiMarginRequest.REQUIRED.keySet());
        for (Catalogue.Parameter parameter : Catalogue.MULTI_MARGIN.parameters()) {
            JsonNode property = schema.get("properties").get(parameter.name());
            if (parameter.defaultValue() != null) {
                assertThat(property.get("default"))
                        .as(parameter.name())
                        .isEqualTo(MAPPER.valueToTree(parameter.defaultValue()));
            }
            if (parameter.values() != null) {
                assertThat(texts(property.get("enum"))).isEqualTo(parameter.values());
            }
        }
    }

    @Test
    void queryParameters() {
        JsonNode parameters = OpenApi.operation(ROUTE + "/tensors", "post").get("parameters");
        List<String> names = new ArrayList<>();
        parameters.forEach(parameter -> names.add(parameter.get("name").asString()));
        assertThat(names).isEqualTo(MultiMarginTensors.PARAMETERS);
        JsonNode properties = OpenApi.schema("MultiMarginRequest").get("properties");
        for (JsonNode parameter : parameters) {
            String name = parameter.get("name").asString();
            JsonNode schema = parameter.get("schema");
            if (name.equals("non_finite")) {
                assertThat(texts(schema.get("enum"))).isEqualTo(texts(NonFinite.values()));
                assertThat(schema.get("default").asString()).isEqualTo("error");
            } else {
                assertThat(schema.path("default").asString(""))
                        .as(name)
                        .isEqualTo(properties.get(name).path("default").asString(""));
                assertThat(schema.path("enum"))
                        .as(name)
                        .isEqualTo(properties.get(name).path("enum"));
            }
        }
    }

    @Test
    void codes() {
        assertThat(texts(OpenApi.schema("ProblemCode").get("enum"))).isEqualTo(texts(FaultCode.values()));
    }

    @Test
    void limits() {
        LossProperties.Limits limits =
                new Binder(List.of()).bindOrCreate("loss", LossProperties.class).limits();
        assertThat(OpenApi.at("/components/schemas/MultiMarginRequest/properties/input/maxItems")
                        .asInt())
                .isEqualTo(limits.elements());
        assertThat(OpenApi.at("/components/schemas/MultiMarginRequest/properties/name/maxLength")
                        .asInt())
                .isEqualTo(limits.nameLength());
        assertThat(OpenApi.at("/components/schemas/Problem/properties/errors/maxItems")
                        .asInt())
                .isEqualTo(Faults.LISTED);
    }

    static Stream<Map.Entry<String, JsonNode>> examples() {
        return OpenApi.operation(ROUTE, "post")
                .at("/requestBody/content/application~1json/examples")
                .properties()
                .stream();
    }

    /** The answer of an example that is sent stands under the same name with the status that it has. */
    @ParameterizedTest
    @MethodSource
    void examples(Map.Entry<String, JsonNode> example) {
        String answer =
                post(example.getValue().get("value").toString()).extract().asString();
        JsonNode actual = MAPPER.readTree(answer);
        int status = actual.has("status") ? actual.get("status").asInt() : 200;
        JsonNode content = OpenApi.resolved(OpenApi.operation(ROUTE, "post").at("/responses/" + status))
                .path("content");
        JsonNode documented = content.path(status == 200 ? "application/json" : PROBLEM)
                .at("/examples/" + example.getKey() + "/value");
        assertThat(withoutId(actual)).isEqualTo(withoutId(documented));
    }

    /** Those whose requests are no examples: the body stands in the summary, or is all the same. */
    @Test
    void problemsAreAsDocumented() {
        int bodies = 0;
        for (String response : List.of("BadRequest", "UnprocessableContent")) {
            for (JsonNode example : problem(response).get("examples")) {
                String summary = example.get("summary").asString();
                int body = summary.indexOf('{');
                if (body >= 0) {
                    isAsDocumented(
                            example.get("value"), json(summary.substring(body)).post(ROUTE));
                    bodies++;
                }
            }
        }
        assertThat(bodies).isEqualTo(4);
        isAsDocumented(
                problem("NotAcceptable").get("example"),
                json("{}").header("Accept", "text/html").post(ROUTE));
        isAsDocumented(
                problem("ContentTooLarge").get("example"),
                json("{\"x\":" + "[".repeat(99) + "]".repeat(99) + "}").post(ROUTE));
        isAsDocumented(
                problem("UnsupportedMediaType").get("example"),
                given().contentType("text/plain").body("{}").post(ROUTE));
        isAsDocumented(problem("UnknownParameter").get("example"), given().get("/v1/losses?page=1"));
    }

    private static JsonNode problem(String response) {
        return OpenApi.at("/components/responses/" + response + "/content").get(PROBLEM);
    }

    private static void isAsDocumented(JsonNode documented, Response answer) {
        assertThat(withoutId(MAPPER.readTree(answer.asString()))).isEqualTo(withoutId(documented));
    }

    /** YAML 1.1, which many tools read, has numbers with an exponent only where they have a point and the exponent a sign. */
    @Test
    void numbersAreSuchToEveryReader() {
        assertThat(given().get("/openapi.yaml").asString())
                .doesNotContainPattern("(?m)[\\[,: ]-?[0-9]+[eE][-+]?[0-9]+[\\],} ]")
                .doesNotContainPattern("(?m)[\\[,: ]-?[0-9.]+e[0-9]+[\\],} ]");
    }

    private static JsonNode withoutId(JsonNode problem) {
        return MAPPER.readTree(problem.toString().replaceAll("\"request_id\":\"[^\"]*\"", "\"request_id\":\"\""));
    }

    @Test
    void isServedAndShown() {
        given().get("/openapi.yaml")
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .body(containsString("operationId: multiMargin"));
        given().redirects().follow(false).get("/").then().statusCode(302).header("Location", "/swagger-ui.html");
        given().get("/swagger-ui.html").then().statusCode(200).body(containsString("swagger-ui"));
        given().get("/v3/api-docs/swagger-config").then().statusCode(200).body("url", equalTo("/openapi.yaml"));
    }

    /** Where springdoc has its document stands this one, node by node; only the server that is relative to it differs. */
    @Test
    void isServedWhereSpringdocHasItsOwn() {
        String json = given().get("/v3/api-docs")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .asString();
        ObjectNode document = (ObjectNode) MAPPER.readTree(json);
        assertThat(document.get("openapi").asString()).isEqualTo("3.1.0");
        assertThat(document.at("/servers/0/url").asString()).isEqualTo("..");
        ((ObjectNode) document.at("/servers/0")).put("url", ".");
        assertThat(document).isEqualTo(OpenApi.DOCUMENT);
        // as text, for neither the order of members nor 1.0 and 1 make a difference to nodes
        assertThat(document.toString()).isEqualTo(OpenApi.DOCUMENT.toString());

        String written = given().get("/openapi.yaml").asString();
        given().get("/v3/api-docs.yaml")
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .body(equalTo(written.replace("- url: .\n", "- url: ..\n")));
        given().head("/v3/api-docs").then().statusCode(200).body(equalTo(""));
    }

    @Test
    void isServedWhole() {
        given().header("Range", "bytes=99999999-")
                .get("/openapi.yaml")
                .then()
                .statusCode(200)
                .header("Accept-Ranges", nullValue())
                .body(containsString("openapi: 3.1.0"));
    }

    /** A validator that takes anything would make the other tests worthless. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "MultiMarginRequest | {'label':[0]}",
                "MultiMarginRequest | {'input':[1],'label':[0]}",
                "MultiMarginRequest | {'input':[['1']],'label':[0]}",
                "MultiMarginRequest | {'input':[[1]],'label':[0.5]}",
                "MultiMarginRequest | {'input':[[1]],'label':[0],'reduction':'avg'}",
                "MultiMarginRequest | {'input':[[1]],'label':[0],'wieght':[1]}",
                "MultiMarginResponse | {'loss':{'dtype':'float32','shape':[],'data':1},'parameters':{}}",
                "Problem            | {'type':'about:blank'}",
                "ProblemCode        | 'unheard_of'",
            })
    void theValidatorRejects(String schema, String value) {
        assertThat(OpenApi.violations(OpenApi.schema(schema), MAPPER.readTree(value.replace('\'', '"'))))
                .isNotEmpty();
    }
}
