package org.lossservice.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One tensor of an answer, read in the plainest way there is, with nothing of the code that is tested.
 *
 * @param dtype float32 or float64
 * @param data the elements; widening is exact
 */
record TensorAnswer(String dtype, List<Integer> shape, List<Double> data) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** The tensors of an npz file, little-endian and row-major; text is passed over. */
    static Map<String, TensorAnswer> npz(byte[] body) {
        Map<String, TensorAnswer> tensors = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] array = zip.readAllBytes();
                int start = 10 + (array[8] & 0xFF) + 256 * array[9];
                String header = new String(array, 10, start - 10, StandardCharsets.US_ASCII);
                String shape = header.replaceFirst("(?s).*\\(", "").replaceFirst("(?s)\\).*", "");
                if (header.contains("'<U")) {
                    continue;
                }
                String dtype = header.contains("'<f4'") ? "float32" : "float64";
                tensors.put(
                        entry.getName().replace(".npy", ""),
                        new TensorAnswer(
                                dtype,
                                Arrays.stream(shape.split(",", -1))
                                        .map(String::strip)
                                        .filter(extent -> !extent.isEmpty())
                                        .map(Integer::valueOf)
                                        .toList(),
                                numbers(dtype, array, start, array.length)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensors;
    }

    /** The tensors of a safetensors file. */
    static Map<String, TensorAnswer> safetensors(byte[] body) {
        int length = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        Map<String, TensorAnswer> tensors = new LinkedHashMap<>();
        JsonNode header = MAPPER.readTree(body, 8, length);
        header.propertyStream()
                .filter(member -> !member.getKey().startsWith("__"))
                .forEach(member -> {
                    JsonNode tensor = member.getValue();
                    String dtype = "F32".equals(tensor.get("dtype").asString()) ? "float32" : "float64";
                    int start = 8 + length + tensor.get("data_offsets").get(0).asInt();
                    int end = 8 + length + tensor.get("data_offsets").get(1).asInt();
                    List<Integer> shape = tensor.get("shape")
                            .valueStream()
                            .map(JsonNode::asInt)
                            .toList();
                    tensors.put(member.getKey(), new TensorAnswer(dtype, shape, numbers(dtype, body, start, end)));
                });
        return tensors;
    }

    /** The tensors of a JSON answer. */
    static Map<String, TensorAnswer> json(byte[] body) {
        Map<String, TensorAnswer> tensors = new LinkedHashMap<>();
        JsonNode answer = MAPPER.readTree(body);
        for (String name : List.of("loss", "gradient", "weight_gradient")) {
            JsonNode tensor = answer.get(name);
            if (tensor != null) {
                String dtype = tensor.get("dtype").asString();
                List<Double> data = tensor.get("data")
                        .valueStream()
                        .flatMap(row -> row.isArray() ? row.valueStream() : java.util.stream.Stream.of(row))
                        .map(number -> dtype.equals("float32")
                                ? (double) Float.parseFloat(number.asString())
                                : Double.parseDouble(number.asString()))
                        .toList();
                List<Integer> shape =
                        tensor.get("shape").valueStream().map(JsonNode::asInt).toList();
                tensors.put(name, new TensorAnswer(dtype, shape, data));
            }
        }
        return tensors;
    }

    private static List<Double> numbers(String dtype, byte[] bytes, int start, int end) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, start, end - start).order(ByteOrder.LITTLE_ENDIAN);
        List<Double> numbers = new java.util.ArrayList<>();
        while (buffer.hasRemaining()) {
            numbers.add(dtype.equals("float32") ? buffer.getFloat() : buffer.getDouble());
        }
        return numbers;
    }
}
