package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The way to the documentation: the OpenAPI document, and Swagger UI, which shows it. */
@RestController
class DocumentationController {

    private static final String HERE = "- url: .\n";
    private static final String ABOVE = "- url: ..\n";

    private final String yaml = read();
    private final SingletonSupplier<byte[]> json = SingletonSupplier.of(() -> json(apiDocsYaml()));

    private static String read() {
        try {
            return new ClassPathResource("openapi.yaml").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(String yaml) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return new JsonMapper().writeValueAsBytes(document);
    }

    /** The OpenAPI document as it was written. */
    @GetMapping(path = "/openapi.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    String openapi() {
        return yaml;
    }

    /** The document where springdoc has one; its relative server is found from there. */
    @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    String apiDocsYaml() {
        return yaml.replace(HERE, ABOVE);
    }

    /** The same in JSON. */
    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] apiDocs() {
        return json.obtain();
    }

    /** Leads people who open the service in a browser to Swagger UI. */
    @GetMapping("/")
    ResponseEntity<Void> root(HttpServletRequest request) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, request.getContextPath() + "/swagger-ui.html")
                .build();
    }
}
