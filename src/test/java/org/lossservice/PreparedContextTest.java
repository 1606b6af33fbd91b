package org.lossservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Settings that a prepared context obeys, and those for which it is not used. */
class PreparedContextTest {

    @ParameterizedTest
    @CsvSource({
        "loss.limits.elements,                          100,       true",
        "logging.level.root,                            warn,      true",
        "logging.structured.format.console,             ecs,       true",
        "server.port,                                   9090,      true",
        "server.forward-headers-strategy,               framework, true",
        "management.server.port,                        0,         true",
        "management.server.port,                        9091,      true",
        "spring.aot.enabled,                            true,      true",
        "spring.application.version,                    1.2.3,     true",
        "springs.eternal,                               hope,      true",
        "management.server.port,                        8080,      false",
        "management.server.port,                        -1,        false",
        "management.server.address,                     127.0.0.1, false",
        "management.endpoints.web.exposure.include,     '*',       false",
        "management.endpoints.web.exposure.include[0],  beans,     false",
        "springdoc.swagger-ui.enabled,                  false,     false",
        "spring.profiles.active,                        other,     false",
        "spring.threads.virtual.enabled,                false,     false"
    })
    void settings(String name, String value, boolean valid) {
        assertThat(isValid(new MapPropertySource("given", Map.of(name, value)))).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "PATH,                                      /usr/bin,  true",
        "LOGGING_LEVEL_ORG_LOSSSERVICE_ACCESS,      info,      true",
        "SERVER_FORWARD_HEADERS_STRATEGY,           framework, true",
        "MANAGEMENT_SERVER_PORT,                    9091,      true",
        "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE, '*',       false",
        "management_tracing_enabled,                false,     false",
        "SPRING_PROFILES_ACTIVE,                    other,     false",
        "SPRINGDOC_SWAGGER_UI_ENABLED,              false,     false"
    })
    void environmentVariables(String name, String value, boolean valid) {
        assertThat(isValid(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, value))))
                .isEqualTo(valid);
    }

    /** With the settings of application.yaml, and these above them. */
    private static boolean isValid(MapPropertySource given) {
        StandardEnvironment environment = new StandardEnvironment() {
            @Override
            protected void customizePropertySources(MutablePropertySources sources) {
                sources.addFirst(given);
            }
        };
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        ConfigurationPropertySources.attach(environment);
        assertThat(Objects.requireNonNull(environment.getProperty("spring.application.name")))
                .isEqualTo("loss-service");
        return PreparedContext.isValid(environment);
    }
}
