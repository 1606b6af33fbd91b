package org.lossservice.format;

import java.util.function.LongConsumer;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * Bounds on what a binary body may hold, checked before memory is taken.
 *
 * @param elements the most elements one tensor may have
 * @param bytes the most bytes that the entries of a zip file may hold together once they are inflated
 * @param inflated told how many bytes a zip file inflates to, before it is; what it throws refuses the body
 * @param checkpoint called between blocks of what is inflated; what it throws ends the reading
 */
public record TensorLimits(int elements, long bytes, LongConsumer inflated, Runnable checkpoint) {

    void requireElements(String name, long actual) {
        if (actual > elements) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    name,
                    name + " has " + actual + " elements, the limit is " + elements + " (loss.limits.elements)"));
        }
    }

    void requireInflated(long actual) {
        if (actual > bytes) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    "the inflated npz file has " + actual + " bytes, the limit is " + bytes
                            + " (loss.limits.tensor-body)"));
        }
        inflated.accept(actual);
    }
}
