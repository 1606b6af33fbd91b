package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The way to the documentation. */
@RestController
class DocumentationController {

    /** The OpenAPI document as it was written. */
    @GetMapping(path = "/openapi.yaml", produces = "application/yaml")
    Resource openapi() {
        return new ClassPathResource("openapi.yaml");
    }

    /** Leads people who open the service in a browser to Swagger UI. */
    @GetMapping("/")
    ResponseEntity<Void> root(HttpServletRequest request) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, request.getContextPath() + "/swagger-ui.html")
                .build();
    }
}
