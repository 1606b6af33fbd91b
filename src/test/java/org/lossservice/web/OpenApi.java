package org.lossservice.web;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document, read for tests. */
final class OpenApi {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static final JsonNode DOCUMENT = read();

    private OpenApi() {}

    private static JsonNode read() {
        try (InputStream in = new ClassPathResource("openapi.yaml").getInputStream()) {
            Map<String, Object> document = new Yaml().load(in);
            return MAPPER.valueToTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands at a pointer, a reference followed. */
    static JsonNode at(String pointer) {
        return resolved(DOCUMENT.at(pointer));
    }

    /** A part of the document, or what it refers to. */
    static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asString().substring(1)) : node;
    }

    static JsonNode schema(String name) {
        return DOCUMENT.at("/components/schemas/" + name);
    }

    static JsonNode operation(String path, String method) {
        return DOCUMENT.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    }

    /** What is wrong with a value, by a schema of the document. */
    static List<String> violations(JsonNode schema, JsonNode value) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.set("allOf", MAPPER.createArrayNode().add(schema));
        root.set("components", DOCUMENT.get("components"));
        return REGISTRY.getSchema(root).validate(value).stream()
                .map(Error::toString)
                .toList();
    }
}
