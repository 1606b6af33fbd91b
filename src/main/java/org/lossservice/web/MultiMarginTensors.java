package org.lossservice.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lossservice.format.TensorFile;
import org.lossservice.format.TensorFormat;
import org.lossservice.format.TensorNames;
import org.lossservice.format.TensorOutput;
import org.lossservice.loss.Batch;
import org.lossservice.loss.Convention;
import org.lossservice.loss.LossResult;
import org.lossservice.loss.MultiMarginLoss;
import org.lossservice.loss.NonFinite;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;

/** The binary form of the multi-class margin loss: query and body to request, result to answer. */
final class MultiMarginTensors {

    /** The query parameters, in the order of the documentation. */
    static final List<String> PARAMETERS = List.of(
            "p",
            "margin",
            "reduction",
            "name",
            "convention",
            "return_gradient",
            "return_weight_gradient",
            "non_finite");

    /** The tensors of a body. */
    static final List<String> TENSORS = List.of("input", "label", "weight", "grad_output");

    /**
     * Bytes of memory to reserve for each byte of a body: itself, and as much in a tensor. What a deflated body
     * inflates to is reserved later.
     */
    static final int MEMORY_PER_BYTE = 2;

    private final QueryParameters parameters;
    private final Faults faults;
    private final int p;
    private final @Nullable Reduction reduction;
    private final @Nullable Convention convention;
    private final @Nullable String name;
    private final boolean returnGradient;
    private final boolean returnWeightGradient;
    private final @Nullable NonFinite nonFinite;

    /** Reads all parameters but the margin, which is rounded to a dtype that the body knows. */
    MultiMarginTensors(QueryParameters parameters, LossProperties.Limits limits, Faults faults) {
        this.parameters = parameters;
        this.faults = faults;
        p = parameters.integer("p", MultiMarginRequest.DEFAULT_P, 1, Integer.MAX_VALUE);
        reduction = parameters.choice("reduction", Reduction.values(), MultiMarginRequest.DEFAULT_REDUCTION);
        convention = parameters.choice("convention", Convention.values(), MultiMarginRequest.DEFAULT_CONVENTION);
        name = parameters.text("name", limits.nameLength());
        returnGradient = parameters.flag("return_gradient", MultiMarginRequest.DEFAULT_RETURN_GRADIENT);
        returnWeightGradient =
                parameters.flag("return_weight_gradient", MultiMarginRequest.DEFAULT_RETURN_WEIGHT_GRADIENT);
        nonFinite = parameters.choice("non_finite", NonFinite.values(), NonFinite.ERROR);
    }

    /** Whether the answer may hold NaN and infinities, which JSON cannot. */
    boolean propagates() {
        return nonFinite == NonFinite.PROPAGATE;
    }

    /**
     * Reads the body.
     *
     * @param inflated told how many bytes the body inflates to, before it is
     * @param checkpoint called again and again while it is inflated; what it throws ends the reading
     * @throws org.lossservice.tensor.FaultException with everything that is wrong with body and query
     */
    MultiMarginRequest read(
            TensorFormat format,
            RequestBody body,
            LossProperties.Limits limits,
            LongConsumer inflated,
            Runnable checkpoint) {
        boolean finite = nonFinite == NonFinite.ERROR;
        TensorNames names = new TensorNames(TENSORS, PARAMETERS, faults);
        TensorFile file = format.read(body.bytes(), body.length(), names, limits.tensors(inflated, checkpoint), finite);
        MultiMarginRequest.REQUIRED.forEach(file::require);

        // where input's dtype is at fault, a margin that is read as float64 is not called too large as well
        DType dtype = file.dtype("input");
        double margin = parameters.number(
                "margin",
                dtype == null ? DType.FLOAT64 : dtype,
                MultiMarginRequest.DEFAULT_MARGIN,
                finite,
                limits.numberLength());
        FloatingTensor input = file.matrix("input");
        int classes = file.columns("input");
        Labels label = file.labels("label", classes);
        FloatingTensor weight = file.vector("weight", dtype, false);
        FloatingTensor gradOutput = file.vector("grad_output", dtype, reduction != Reduction.NONE);
        lengths(file, classes).check(reduction, faults);
        faults.throwIfAny();

        return new MultiMarginRequest(
                new MultiMarginLoss(
                        p,
                        margin,
                        weight,
                        MultiMarginRequest.present(reduction),
                        MultiMarginRequest.present(convention)),
                new Batch(MultiMarginRequest.present(input), MultiMarginRequest.present(label), gradOutput),
                name,
                returnGradient,
                returnWeightGradient,
                MultiMarginRequest.present(nonFinite));
    }

    private static MultiMarginRequest.Lengths lengths(TensorFile file, int classes) {
        return new MultiMarginRequest.Lengths(
                classes < 0 ? -1 : file.length("input", 2),
                classes,
                file.length("label", 1),
                file.length("weight", 1),
                file.length("grad_output", 1));
    }

    /** Prepares a binary answer. */
    static TensorOutput output(TensorFormat format, MultiMarginRequest request, LossResult result) {
        Map<String, FloatingTensor> tensors = new LinkedHashMap<>();
        tensors.put("loss", result.loss());
        if (result.gradient() != null) {
            tensors.put("gradient", result.gradient());
        }
        if (result.weightGradient() != null) {
            tensors.put("weight_gradient", result.weightGradient());
        }
        return format.output(tensors, request.name() == null ? Map.of() : Map.of("name", request.name()));
    }
}
