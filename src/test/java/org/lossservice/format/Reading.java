package org.lossservice.format;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;

/** Reads bodies as the tensor route does, for tests of the readers. */
final class Reading {

    static final TensorLimits LIMITS = new TensorLimits(1000, 1 << 20, size -> {}, () -> {});

    /** The tensors of a request; null stands for one that is not there. */
    record Tensors(FloatingTensor input, Labels label, FloatingTensor weight, FloatingTensor gradOutput) {}

    private Reading() {}

    /** The tensors of a request, whose faults go to {@code faults}. */
    static TensorNames names(Faults faults) {
        return new TensorNames(List.of("input", "label", "weight", "grad_output"), List.of("margin"), faults);
    }

    static Tensors read(TensorFormat format, byte[] body) {
        return read(format, body, LIMITS, true);
    }

    @SuppressWarnings("NullAway") // what is missing is null here, and the tests say which is not
    static Tensors read(TensorFormat format, byte[] body, TensorLimits limits, boolean finite) {
        Faults faults = new Faults();
        TensorFile file = format.read(body, body.length, names(faults), limits, finite);
        file.require("input", "scores");
        file.require("label", "classes");
        DType dtype = file.dtype("input");
        FloatingTensor input = file.matrix("input");
        Labels label = file.labels("label", file.columns("input"));
        FloatingTensor weight = file.vector("weight", dtype, false);
        FloatingTensor gradOutput = file.vector("grad_output", dtype, true);
        faults.throwIfAny();
        return new Tensors(input, label, weight, gradOutput);
    }

    /** The faults of a body that must not be readable. */
    static List<Fault> faults(TensorFormat format, byte[] body) {
        FaultException exception = catchThrowableOfType(FaultException.class, () -> read(format, body, LIMITS, true));
        if (exception == null) {
            throw new AssertionError("was read");
        }
        return exception.faults();
    }
}
