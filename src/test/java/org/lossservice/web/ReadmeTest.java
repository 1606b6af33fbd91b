package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.lossservice.tensor.FaultCode;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The README names every setting, with its default, and every error code. */
class ReadmeTest {

    private final String readme = Files.readString(Path.of("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void settings() {
        for (RecordComponent group : LossProperties.class.getRecordComponents()) {
            for (Parameter setting : group.getType().getConstructors()[0].getParameters()) {
                String name = "loss." + group.getName() + "." + kebab(setting.getName());
                assertThat(readme).contains("| `" + name + "` | " + defaultOf(setting) + " |");
            }
        }
    }

    private static String defaultOf(Parameter setting) {
        String[] values = setting.getAnnotation(DefaultValue.class).value();
        return values.length == 0 ? "none" : values[0];
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void codes() {
        for (FaultCode code : FaultCode.values()) {
            assertThat(readme).contains("`" + code + "`");
        }
    }
}
