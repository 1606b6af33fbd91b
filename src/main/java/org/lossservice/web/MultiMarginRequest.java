package org.lossservice.web;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Batch;
import org.lossservice.loss.Convention;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.loss.MultiMarginLoss;
import org.lossservice.loss.NonFinite;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;

/**
 * A valid request for the multi-class margin loss, whatever format it came in.
 *
 * @param loss the loss and its parameters
 * @param batch what it is evaluated on
 * @param name echoed in the answer
 * @param returnGradient whether the gradient with respect to input is wanted
 * @param returnWeightGradient whether the gradient with respect to weight is wanted
 * @param nonFinite what is done with NaN and infinities
 */
record MultiMarginRequest(
        MultiMarginLoss loss,
        Batch batch,
        @Nullable String name,
        boolean returnGradient,
        boolean returnWeightGradient,
        NonFinite nonFinite) {

    static final int DEFAULT_P = 1;
    static final double DEFAULT_MARGIN = 1.0;
    static final Reduction DEFAULT_REDUCTION = Reduction.MEAN;
    static final DType DEFAULT_DTYPE = DType.FLOAT32;
    static final Convention DEFAULT_CONVENTION = Convention.DOCUMENTED;
    static final boolean DEFAULT_RETURN_GRADIENT = true;
    static final boolean DEFAULT_RETURN_WEIGHT_GRADIENT = false;

    /** What each field is, for the message that it is missing. */
    static final Map<String, String> REQUIRED = Map.of(
            "input", "the scores, an array of N rows of C numbers",
            "label", "the class of each row, an array of N integers");

    /** Computes the answer; the gradient is written over the scores, which are not needed again. */
    LossResult evaluate(LossEvaluator evaluator) {
        FloatingTensor gradient = returnGradient ? batch.input() : null;
        return evaluator.evaluate(loss, batch, gradient, returnWeightGradient, nonFinite, () -> {});
    }

    /**
     * Adds a fault for each tensor whose length does not follow from the others. A null stands for what is absent or at
     * fault itself, and is held against nothing.
     *
     * @param labels the length of label, or null
     * @param reduction null where it is at fault itself
     */
    static void checkShapes(
            @Nullable FloatingTensor input,
            @Nullable Integer labels,
            @Nullable FloatingTensor weight,
            @Nullable FloatingTensor gradOutput,
            @Nullable Reduction reduction,
            Faults faults) {
        if (input != null && labels != null) {
            int rows = input.shape().dimension(0);
            checkLength("label", labels, rows, "input has " + count(rows, "row"), faults);
        }
        if (input != null && weight != null) {
            int classes = input.shape().dimension(1);
            checkLength("weight", weight.shape().elements(), classes, "input has " + count(classes, "class"), faults);
        }
        if (gradOutput != null && reduction != null) {
            int length = gradOutput.shape().elements();
            if (reduction != Reduction.NONE) {
                checkLength("grad_output", length, 1, "the loss of reduction " + reduction + " is one number", faults);
            } else if (input != null) {
                int rows = input.shape().dimension(0);
                checkLength(
                        "grad_output", length, rows, "the loss of reduction none has " + count(rows, "number"), faults);
            }
        }
    }

    private static void checkLength(String name, int actual, int expected, String because, Faults faults) {
        if (actual != expected) {
            faults.add(() -> Fault.of(
                    FaultCode.WRONG_SHAPE, name, name + " has " + count(actual, "number") + ", but " + because));
        }
    }

    private static String count(int count, String noun) {
        return count + " " + (count == 1 ? noun : noun.endsWith("s") ? noun + "es" : noun + "s");
    }
}
