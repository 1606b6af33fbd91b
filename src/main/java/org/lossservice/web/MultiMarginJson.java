package org.lossservice.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.lossservice.format.JsonObject;
import org.lossservice.format.JsonTensorWriter;
import org.lossservice.loss.Batch;
import org.lossservice.loss.Convention;
import org.lossservice.loss.LossResult;
import org.lossservice.loss.MultiMarginLoss;
import org.lossservice.loss.NonFinite;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** The JSON of the multi-class margin loss: body to request, result to answer. */
final class MultiMarginJson {

    /** The fields of a request, in the order of the documentation. */
    static final List<String> FIELDS = List.of(
            "input",
            "label",
            "p",
            "margin",
            "weight",
            "reduction",
            "name",
            "dtype",
            "convention",
            "grad_output",
            "return_gradient",
            "return_weight_gradient");

    /** Bytes of memory to reserve for each byte of a body: itself, and half a float64, as in {@code 0,0,0}. */
    static final int MEMORY_PER_BYTE = 5;

    /** What the format is called in metrics. */
    static final String FORMAT = "json";

    /** Bytes of -1.17549435E-38 and a comma. */
    private static final int LONGEST_FLOAT = 16;

    /** Bytes of -2.2250738585072014E-308 and a comma. */
    private static final int LONGEST_DOUBLE = 25;

    /** Bytes of members' names, shapes and parameters, and of the request's {@code name}, the longest of them. */
    private static final int REST_OF_ANSWER = 1024;

    private MultiMarginJson() {}

    /**
     * Reads a request.
     *
     * @param checkpoint called again and again; what it throws ends the reading
     * @param faults what is wrong with it already
     * @throws org.lossservice.tensor.FaultException with everything that is wrong with it
     */
    static MultiMarginRequest read(
            byte[] body, int length, LossProperties.Limits limits, Runnable checkpoint, Faults faults) {
        JsonObject object = JsonObject.read(body, length, FIELDS, limits.json(checkpoint), faults);
        MultiMarginRequest.REQUIRED.forEach(object::require);

        int p = object.integer("p", MultiMarginRequest.DEFAULT_P, 1, Integer.MAX_VALUE);
        Reduction reduction = object.choice("reduction", Reduction.values(), MultiMarginRequest.DEFAULT_REDUCTION);
        Convention convention = object.choice("convention", Convention.values(), MultiMarginRequest.DEFAULT_CONVENTION);
        String name = object.text("name", limits.nameLength());
        boolean gradient = object.flag("return_gradient", MultiMarginRequest.DEFAULT_RETURN_GRADIENT);
        boolean weightGradient =
                object.flag("return_weight_gradient", MultiMarginRequest.DEFAULT_RETURN_WEIGHT_GRADIENT);

        // where the dtype is at fault, numbers that are read as float64 are not called too large as well
        DType known = object.choice("dtype", DType.values(), MultiMarginRequest.DEFAULT_DTYPE);
        DType dtype = known == null ? DType.FLOAT64 : known;
        double margin = object.number("margin", dtype, MultiMarginRequest.DEFAULT_MARGIN);
        FloatingTensor input = object.matrix("input", dtype);
        int classes = object.columns("input");
        Labels label = object.labels("label", classes);
        FloatingTensor weight = object.has("weight") ? object.vector("weight", dtype) : null;
        FloatingTensor gradOutput = object.vector("grad_output", dtype);
        lengths(object, classes).check(reduction, faults);
        object.finish();

        return new MultiMarginRequest(
                new MultiMarginLoss(
                        p,
                        margin,
                        weight,
                        MultiMarginRequest.present(reduction),
                        MultiMarginRequest.present(convention)),
                new Batch(MultiMarginRequest.present(input), MultiMarginRequest.present(label), gradOutput),
                name,
                gradient,
                weightGradient,
                NonFinite.ERROR);
    }

    private static MultiMarginRequest.Lengths lengths(JsonObject object, int classes) {
        return new MultiMarginRequest.Lengths(
                classes < 0 ? -1 : object.length("input"),
                classes,
                object.length("label"),
                object.length("weight"),
                object.length("grad_output"));
    }

    /**
     * Refuses a request whose answer might be too long, before it is computed.
     *
     * @throws org.lossservice.tensor.FaultException {@code TOO_LARGE}
     */
    static void requireAnswerFits(MultiMarginRequest request, LossProperties.Limits limits) {
        Shape shape = request.batch().input().shape();
        long numbers = request.loss().reduction() == Reduction.NONE ? shape.dimension(0) : 1;
        numbers += request.returnGradient() ? shape.elements() : 0;
        numbers += request.returnWeightGradient() ? shape.dimension(1) : 0;
        int longest = request.batch().input().dtype() == DType.FLOAT32 ? LONGEST_FLOAT : LONGEST_DOUBLE;
        long bytes = numbers * longest + 2L * shape.dimension(0) + REST_OF_ANSWER;
        if (bytes > limits.jsonAnswer().toBytes()) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    "the answer may have " + bytes + " bytes as JSON, the limit is "
                            + limits.jsonAnswer().toBytes()
                            + " (loss.limits.json-answer); leave out the gradient, or take a binary answer"));
        }
    }

    /** Writes an answer; {@code out} is left open. */
    static void write(MultiMarginRequest request, LossResult result, OutputStream out) throws IOException {
        try (JsonTensorWriter writer = new JsonTensorWriter(out)) {
            writer.writeFlat("loss", result.loss());
            if (result.gradient() != null) {
                writer.writeRows("gradient", result.gradient());
            }
            if (result.weightGradient() != null) {
                writer.writeFlat("weight_gradient", result.weightGradient());
            }
            if (request.name() != null) {
                writer.generator().writeStringProperty("name", request.name());
            }
            MultiMarginLoss loss = request.loss();
            writer.generator().writeObjectPropertyStart("parameters");
            writer.generator().writeNumberProperty("p", loss.p());
            // as every zero of an answer, this one is written +0.0
            writer.writeNumber("margin", result.loss().dtype(), loss.margin() + 0.0);
            writer.generator().writeStringProperty("reduction", loss.reduction().toString());
            writer.generator()
                    .writeStringProperty("convention", loss.convention().toString());
            writer.generator().writeEndObject();
        }
    }
}
