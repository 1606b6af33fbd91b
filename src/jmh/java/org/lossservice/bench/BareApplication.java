package org.lossservice.bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The least service that Spring Boot makes of the same libraries and settings, with one route, that does nothing: what the
 * whole of the service is held against.
 */
@TestComponent // so that no test's component scan finds it
@RestController
@EnableAutoConfiguration
public class BareApplication {

    public static void main(String[] args) {
        SpringApplication.run(BareApplication.class, args);
    }

    /** The body is left to the container. */
    @PostMapping("/empty")
    void empty() {}
}
