package org.lossservice.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** A safetensors file whose header is padded so that the tensors start at a multiple of 8 bytes. */
final class SafetensorsOutput implements TensorOutput {

    private static final int ALIGNMENT = 8;

    private final List<FloatingTensor> tensors;
    private final byte[] header;

    SafetensorsOutput(Map<String, FloatingTensor> tensors, Map<String, String> texts) {
        this.tensors = List.copyOf(tensors.values());
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            if (!texts.isEmpty()) {
                generator.writeObjectPropertyStart("__metadata__");
                texts.forEach(generator::writeStringProperty);
                generator.writeEndObject();
            }
            writeTensors(generator, tensors);
            generator.writeEndObject();
        }
        while (json.size() % ALIGNMENT != 0) {
            json.write(' ');
        }
        this.header = json.toByteArray();
    }

    private static void writeTensors(JsonGenerator generator, Map<String, FloatingTensor> tensors) {
        long at = 0;
        for (Map.Entry<String, FloatingTensor> entry : tensors.entrySet()) {
            FloatingTensor tensor = entry.getValue();
            generator.writeObjectPropertyStart(entry.getKey());
            generator.writeStringProperty("dtype", tensor.dtype() == DType.FLOAT32 ? "F32" : "F64");
            generator.writeArrayPropertyStart("shape");
            Shape shape = tensor.shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                generator.writeNumber(shape.dimension(axis));
            }
            generator.writeEndArray();
            generator.writeArrayPropertyStart("data_offsets");
            generator.writeNumber(at);
            at += ElementWriter.bytes(tensor);
            generator.writeNumber(at);
            generator.writeEndArray();
            generator.writeEndObject();
        }
    }

    @Override
    public long length() {
        return Long.BYTES
                + header.length
                + tensors.stream().mapToLong(ElementWriter::bytes).sum();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (FloatingTensor tensor : tensors) {
            ElementWriter.write(tensor, out);
        }
    }
}
