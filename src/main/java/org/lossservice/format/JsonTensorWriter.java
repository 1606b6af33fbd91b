package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes tensors as members of a JSON object, {@code "name": {"dtype": …, "shape": […], "data": …}}. Numbers are the
 * shortest text that reads back to the same value of the dtype.
 */
public final class JsonTensorWriter implements AutoCloseable {

    private final JsonText text;
    private final NumberTexts numbers = new NumberTexts();
    private final JsonGenerator generator;

    /** A writer of one object to {@code out}, which {@link #close} leaves open. */
    public JsonTensorWriter(OutputStream out) {
        text = new JsonText(out);
        generator = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), text);
        generator.writeStartObject();
    }

    /** Where members that are no tensors are written. */
    public JsonGenerator generator() {
        return generator;
    }

    /** Writes a tensor whose data are one flat array, whatever its rank. */
    public void writeFlat(String name, FloatingTensor tensor) throws IOException {
        writeHead(name, tensor);
        writeRow(tensor, 0, tensor.shape().elements());
        generator.writeEndObject();
    }

    /** Writes a tensor of rank 2 whose data are an array of rows. */
    public void writeRows(String name, FloatingTensor tensor) throws IOException {
        writeHead(name, tensor);
        int columns = tensor.shape().dimension(1);
        text.write('[');
        for (int row = 0; row < tensor.shape().dimension(0); row++) {
            if (row > 0) {
                text.write(',');
            }
            writeRow(tensor, row * columns, columns);
        }
        text.write(']');
        generator.writeEndObject();
    }

    /** Writes a number of a dtype under a name. */
    public void writeNumber(String name, DType dtype, double number) {
        generator.writeName(name);
        switch (dtype) {
            case FLOAT32 -> generator.writeNumber((float) number);
            case FLOAT64 -> generator.writeNumber(number);
        }
    }

    private void writeHead(String name, FloatingTensor tensor) {
        generator.writeObjectPropertyStart(name);
        generator.writeStringProperty("dtype", tensor.dtype().toString());
        generator.writeArrayPropertyStart("shape");
        Shape shape = tensor.shape();
        for (int axis = 0; axis < shape.rank(); axis++) {
            generator.writeNumber(shape.dimension(axis));
        }
        generator.writeEndArray();
        generator.writeName("data");
        // makes the generator write the colon and pass on all that it holds; the value is then written past it
        generator.writeRawValue("");
        generator.flush();
    }

    private void writeRow(FloatingTensor tensor, int start, int length) throws IOException {
        switch (tensor) {
            case Float32Tensor floats -> text.writeArray(floats.array(), start, length, numbers);
            case Float64Tensor doubles -> text.writeArray(doubles.array(), start, length, numbers);
        }
    }

    /**
     * Ends the object and passes on all of it, but does not flush the stream: what a container still holds then goes
     * out together with the end of the answer.
     */
    @Override
    public void close() throws IOException {
        generator.writeEndObject();
        generator.close();
        text.drain();
    }
}
