package org.lossservice.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lossservice.web.LossProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;

/**
 * What the project's other files say that manifests must agree with.
 *
 * @param version of the project
 * @param port of the service
 * @param managementPort for operators
 * @param drain how long its port stays open as it stops
 * @param shutdown how long the service may take to stop
 * @param user that the image runs as
 */
record Project(String version, int port, int managementPort, Duration drain, Duration shutdown, int user) {

    static Project read() throws IOException {
        JsonNode settings = Kustomization.yaml(Files.readString(Path.of("src/main/resources/application.yaml")));
        return new Project(
                find("pom.xml", "<artifactId>loss-service</artifactId>\\s*<version>([^<]+)"),
                settings.at("/server/port").asInt(),
                settings.at("/management/server/port").asInt(),
                new Binder()
                        .bindOrCreate("loss", LossProperties.class)
                        .admission()
                        .drain(),
                DurationStyle.detectAndParse(settings.at("/spring/lifecycle/timeout-per-shutdown-phase")
                        .asString()),
                Integer.parseInt(find("Dockerfile", "(?m)^USER (\\d+):")));
    }

    /** The group of the pattern's first match in a file. */
    static String find(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        if (!matcher.find()) {
            throw new IllegalStateException("nothing in " + file + " is like " + pattern);
        }
        return matcher.group(1);
    }
}
