package org.lossservice;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.aot.AotDetector;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.ApplicationListener;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Sees that a context prepared by the build ({@code -Dspring.aot.enabled=true}, see the profile {@code container}) obeys every
 * setting. Which beans it has was decided when it was built, by the settings in {@code application.yaml}, and a setting that
 * comes later and could decide otherwise would be ignored in silence. Where there is one, the service starts from its classes,
 * as it does without the flag: later, and otherwise the same.
 */
final class PreparedContext implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    /** Families of settings that the conditions of Spring Boot and springdoc ask for; all others are read at each start. */
    private static final List<ConfigurationPropertyName> DECIDING =
            names("spring", "management", "springdoc").toList();

    /** Members of these families that decide nothing, or nothing but the {@link ManagementPortType}. */
    private static final Set<ConfigurationPropertyName> HARMLESS = names(
                    "spring.aot.enabled",
                    "spring.application.pid",
                    "spring.application.version",
                    "management.server.port")
            .collect(Collectors.toSet());

    /** What Boot says of the settings that the context was prepared with. */
    private static final String BUILT_IN = "class path resource [application.yaml]";

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (AotDetector.useGeneratedArtifacts() && !isValid(event.getEnvironment())) {
            SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
        }
    }

    /** Whether the prepared context is what these settings would make. */
    static boolean isValid(Environment environment) {
        if (ManagementPortType.get(environment) != ManagementPortType.DIFFERENT) {
            return false;
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (!isBuiltIn(source) && decides(source.filter(name -> !HARMLESS.contains(name)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBuiltIn(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> settings
                && settings.getName().contains(BUILT_IN);
    }

    private static boolean decides(ConfigurationPropertySource source) {
        return DECIDING.stream()
                .anyMatch(family -> source.containsDescendantOf(family) != ConfigurationPropertyState.ABSENT);
    }

    private static Stream<ConfigurationPropertyName> names(String... names) {
        return Stream.of(names).map(ConfigurationPropertyName::of);
    }
}
