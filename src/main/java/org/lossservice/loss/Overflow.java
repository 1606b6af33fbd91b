package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;

/** Refuses results that are too large for their dtype. */
final class Overflow {

    private Overflow() {}

    /**
     * Looks through a result whose request held finite numbers only.
     *
     * @param suspect whether its gradient has to be looked through, too
     * @throws FaultException naming every element that is not finite, as far as they are listed
     */
    static void refuse(LossResult result, boolean suspect) {
        Faults faults = new Faults();
        find("loss", result.loss(), faults);
        if (suspect) {
            find("gradient", result.gradient(), faults);
        }
        find("weight_gradient", result.weightGradient(), faults);
        faults.throwIfAny();
    }

    private static void find(String name, @Nullable FloatingTensor tensor, Faults faults) {
        if (tensor == null) {
            return;
        }
        int elements = tensor.shape().elements();
        for (int i = 0; i < elements; i++) {
            if (!Double.isFinite(tensor.get(i))) {
                int element = i;
                faults.add(() -> fault(name, tensor, element));
            }
        }
    }

    private static Fault fault(String name, FloatingTensor tensor, int element) {
        DType dtype = tensor.dtype();
        return new Fault(
                FaultCode.RESULT_OVERFLOW,
                name,
                tensor.shape().indices(element),
                "the result is beyond " + dtype.maxText() + ", the largest " + dtype);
    }
}
