package org.lossservice.web;

import java.util.Map;
import java.util.TreeMap;
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
import org.lossservice.tensor.Shape;

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

    /**
     * Bytes of the sum that is kept of each row, and of the row's place in the order by class, for the weight gradient.
     */
    private static final int ROW_SUM = 2 * Double.BYTES + Long.BYTES + Integer.BYTES;

    /**
     * The required fields, each with what it is, for the message that it is missing; sorted, so that messages are, too.
     */
    static final Map<String, String> REQUIRED = new TreeMap<>(Map.of(
            "input", "the scores, an array of N rows of C numbers",
            "label", "the class of each row, an array of N integers"));

    /** A value that is null only where a fault was added; to be called once it is known that none was. */
    static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a fault was not reported");
        }
        return value;
    }

    /**
     * Computes the answer; the gradient is written over the scores, which are not needed again.
     *
     * @param checkpoint called again and again; what it throws ends the computation
     */
    LossResult evaluate(LossEvaluator evaluator, Runnable checkpoint) {
        FloatingTensor gradient = returnGradient ? batch.input() : null;
        return evaluator.evaluate(loss, batch, gradient, returnWeightGradient, nonFinite, checkpoint);
    }

    /** The bytes that its tensors and those of its result take, the gradient being where the scores are. */
    long memory() {
        Shape shape = batch.input().shape();
        long rows = shape.dimension(0);
        long classes = shape.dimension(1);
        long numbers = shape.elements() + (loss.weight() == null ? 0 : classes);
        if (loss.reduction() == Reduction.NONE) {
            // the losses, and what they are multiplied with
            numbers += 2 * rows;
        }
        long beside = rows * Integer.BYTES;
        if (returnWeightGradient) {
            numbers += classes;
            // and where each class's rows end
            beside += rows * ROW_SUM + classes * Integer.BYTES;
        }
        return numbers * batch.input().dtype().bytes() + beside;
    }

    /**
     * The lengths of a request's tensors, which must fit each other. -1 stands for a tensor that is absent or at fault
     * itself, and is compared with nothing.
     *
     * @param rows N, of input
     * @param classes C, of input
     */
    record Lengths(int rows, int classes, int label, int weight, int gradOutput) {

        /**
         * Adds a fault for each tensor whose length does not follow from input.
         *
         * @param reduction null where it is at fault itself
         */
        void check(@Nullable Reduction reduction, Faults faults) {
            if (rows > 0) {
                check("label", label, rows, "input has " + count(rows, "row"), faults);
            }
            if (classes > 0) {
                check("weight", weight, classes, "input has " + count(classes, "class"), faults);
            }
            if (reduction == Reduction.NONE && rows > 0) {
                check(
                        "grad_output",
                        gradOutput,
                        rows,
                        "the loss of reduction none has " + count(rows, "number"),
                        faults);
            } else if (reduction != null && reduction != Reduction.NONE) {
                check("grad_output", gradOutput, 1, "the loss of reduction " + reduction + " is one number", faults);
            }
        }

        private static void check(String name, int actual, int expected, String because, Faults faults) {
            if (actual >= 0 && actual != expected) {
                String detail = name + " has " + count(actual, "number") + ", but " + because;
                faults.add(Fault.of(FaultCode.WRONG_SHAPE, name, detail));
            }
        }
    }

    private static String count(int count, String noun) {
        return count + " " + (count == 1 ? noun : noun.endsWith("s") ? noun + "es" : noun + "s");
    }
}
