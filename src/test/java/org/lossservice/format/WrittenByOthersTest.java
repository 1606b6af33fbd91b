package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Shape;

/** Files that numpy, safetensors and torch wrote; make.py beside them says how and what is in them. */
class WrittenByOthersTest {

    private static List<Path> files() throws IOException, URISyntaxException {
        Path directory = Path.of(Objects.requireNonNull(WrittenByOthersTest.class.getResource("/tensors"))
                .toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".py"))
                    .sorted()
                    .toList();
        }
    }

    static Stream<Path> read() throws IOException, URISyntaxException {
        return files().stream().filter(file -> !isRefused(file));
    }

    static Stream<Path> refused() throws IOException, URISyntaxException {
        return files().stream().filter(WrittenByOthersTest::isRefused);
    }

    private static boolean isRefused(Path file) {
        return file.getFileName().toString().startsWith("refused");
    }

    private static TensorFormat format(Path file) {
        return file.toString().endsWith(".npz") ? TensorFormat.NPZ : TensorFormat.SAFETENSORS;
    }

    @Test
    void allFilesAreHere() throws IOException, URISyntaxException {
        assertThat(read()).hasSize(15);
        assertThat(refused()).hasSize(10);
    }

    @ParameterizedTest
    @MethodSource
    @SuppressWarnings("NullAway") // a weight that is not there is null
    void read(Path file) throws IOException {
        Reading.Tensors tensors = Reading.read(format(file), Files.readAllBytes(file));
        assertThat(tensors.input().shape()).isEqualTo(Shape.matrix(4, 5));
        for (int i = 0; i < 20; i++) {
            assertThat(tensors.input().get(i)).isEqualTo((7 * (i / 5) + 3 * (i % 5)) / 8.0 - 2);
        }
        assertThat(tensors.label().array()).containsExactly(0, 4, 2, 1);
        if (tensors.weight() != null) {
            assertThat(tensors.weight().shape()).isEqualTo(Shape.vector(5));
            assertThat(tensors.weight().get(4)).isEqualTo(5);
        }
        if (tensors.gradOutput() != null) {
            assertThat(tensors.gradOutput().shape().elements()).isEqualTo(1);
            assertThat(tensors.gradOutput().get(0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource
    void refused(Path file) throws IOException {
        List<Fault> faults = Reading.faults(format(file), Files.readAllBytes(file));
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().code()).isEqualTo(FaultCode.WRONG_DTYPE);
        assertThat(faults.getFirst().name()).isEqualTo("input");
        assertThat(faults.getFirst().detail()).contains("float32 and float64 work");
    }
}
