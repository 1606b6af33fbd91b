package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.lossservice.tensor.FaultCode;

/** The README names every setting and every error code. */
class ReadmeTest {

    private final String readme = Files.readString(Path.of("README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void settings() {
        for (RecordComponent group : LossProperties.class.getRecordComponents()) {
            for (RecordComponent setting : group.getType().getRecordComponents()) {
                assertThat(readme).contains("| `loss." + group.getName() + "." + kebab(setting.getName()) + "` |");
            }
        }
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
