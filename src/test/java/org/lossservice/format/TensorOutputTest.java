package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

class TensorOutputTest {

    private static byte[] written(TensorFormat format, Map<String, FloatingTensor> tensors, Map<String, String> texts)
            throws IOException {
        TensorOutput output = format.output(tensors, texts);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        output.writeTo(out);
        assertThat((long) out.size()).isEqualTo(output.length());
        return out.toByteArray();
    }

    private static Map<String, FloatingTensor> answer() {
        Map<String, FloatingTensor> tensors = new LinkedHashMap<>();
        tensors.put("loss", new Float32Tensor(new float[] {1.5f}, Shape.scalar()));
        tensors.put("gradient", new Float32Tensor(new float[] {1, -0f, Float.NaN, 4, 5, 6}, Shape.matrix(2, 3)));
        tensors.put("weight_gradient", new Float64Tensor(new double[] {7, 8}, Shape.vector(2)));
        return tensors;
    }

    /** Every byte of it, from a builder of the tests' own. */
    @Test
    void npz() throws IOException {
        byte[] actual = written(TensorFormat.NPZ, answer(), Map.of("name", "ž😀"));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(actual))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
                assertThat(entry.getTimeLocal()).isEqualTo("1980-01-01T00:00:00");
            }
        }
        assertThat(entries.keySet()).containsExactly("loss.npy", "gradient.npy", "weight_gradient.npy", "name.npy");
        assertThat(entries.get("loss.npy")).isEqualTo(Npy.array("<f4", "()", Npy.floats(1.5f)));
        assertThat(entries.get("gradient.npy"))
                .isEqualTo(Npy.array("<f4", "(2, 3)", Npy.floats(1, -0f, Float.NaN, 4, 5, 6)));
        assertThat(entries.get("weight_gradient.npy")).isEqualTo(Npy.array("<f8", "(2,)", Npy.doubles(7, 8)));
        assertThat(entries.get("name.npy")).isEqualTo(Npy.array("<U2", "()", Npy.ints(0x17e, 0x1f600)));
        // the strict reader agrees that headers, directory and CRCs tell the same
        assertThat(ZipDirectory.read(actual, actual.length))
                .extracting(ZipEntry::name)
                .containsExactlyElementsOf(entries.keySet());
    }

    @Test
    void emptyTextInNpzIsOneNul() throws IOException {
        byte[] actual = written(TensorFormat.NPZ, Map.of(), Map.of("name", ""));
        ZipEntry entry = ZipDirectory.read(actual, actual.length).getFirst();
        assertThat(ZippedBytes.head(actual, entry, 1000)).isEqualTo(Npy.array("<U1", "()", new byte[4]));
    }

    @Test
    void safetensors() throws IOException {
        byte[] actual = written(TensorFormat.SAFETENSORS, answer(), Map.of("name", "\"ž\""));
        String header = "{'__metadata__':{'name':'\\\"ž\\\"'},'loss':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
                + "'gradient':{'dtype':'F32','shape':[2,3],'data_offsets':[4,28]},"
                + "'weight_gradient':{'dtype':'F64','shape':[2],'data_offsets':[28,44]}}";
        int length = header.getBytes(StandardCharsets.UTF_8).length;
        byte[] expected = Safetensors.file(
                header + " ".repeat((8 - length % 8) % 8),
                Npy.floats(1.5f, 1, -0f, Float.NaN, 4, 5, 6),
                Npy.doubles(7, 8));
        assertThat(actual).isEqualTo(expected);
    }

    /** More elements than a block holds. */
    @ParameterizedTest
    @EnumSource
    void largeTensors(TensorFormat format) throws IOException {
        float[] values = new float[100_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        FloatingTensor input = new Float32Tensor(values, Shape.matrix(1, values.length));
        byte[] body = written(format, Map.of("input", input), Map.of());
        TensorLimits limits = new TensorLimits(1 << 20, 1 << 20, size -> {}, () -> {});
        TensorFile file = format.read(body, body.length, Reading.names(new Faults()), limits, true);
        assertThat(file.matrix("input"))
                .isInstanceOfSatisfying(
                        Float32Tensor.class, read -> assertThat(read.array()).isEqualTo(values));
    }

    @ParameterizedTest
    @EnumSource
    void theSameTensorsGiveTheSameBytes(TensorFormat format) throws IOException {
        assertThat(Arrays.equals(written(format, answer(), Map.of()), written(format, answer(), Map.of())))
                .isTrue();
    }
}
