package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/**
 * One evaluation of {@link MultiMarginLoss}: rows in any order and on any threads ({@link #rows}), each on its own, then
 * {@link #finish} adds them up in their order. So the answer does not depend on the number of threads.
 */
final class MultiMarginKernel {

    private final MultiMarginLoss loss;
    private final Batch batch;
    private final @Nullable FloatingTensor gradient;
    private final NonFinite nonFinite;
    private final Runnable checkpoint;
    private final int rows;
    private final int classes;

    /** Of each class that is a label, or one for all where there are no weights. */
    private final ClassFactors[] factors;

    private final double[] sumHigh;
    private final double[] sumLow;
    private final @Nullable Scaled[] exact;
    private final @Nullable LiteralRow[] literal;
    private volatile boolean gradientOverflows;

    MultiMarginKernel(
            MultiMarginLoss loss,
            Batch batch,
            @Nullable FloatingTensor gradient,
            NonFinite nonFinite,
            Runnable checkpoint) {
        this.loss = loss;
        this.batch = batch;
        this.gradient = gradient;
        this.nonFinite = nonFinite;
        this.checkpoint = checkpoint;
        rows = batch.input().shape().dimension(0);
        classes = batch.input().shape().dimension(1);
        factors = factors();
        sumHigh = new double[rows];
        sumLow = new double[rows];
        exact = new Scaled[rows];
        literal = new LiteralRow[nonFinite == NonFinite.PROPAGATE ? rows : 0];
    }

    private ClassFactors[] factors() {
        FloatingTensor weight = loss.weight();
        if (weight == null) {
            return new ClassFactors[] {ClassFactors.of(loss, 1.0, divisor())};
        }
        ClassFactors[] byClass = new ClassFactors[classes];
        for (int label : batch.label().array()) {
            if (byClass[label] == null) {
                byClass[label] = ClassFactors.of(loss, weight.get(label), divisor());
            }
        }
        return byClass;
    }

    private double divisor() {
        return loss.reduction() == Reduction.MEAN ? (double) rows * classes : classes;
    }

    private ClassFactors factors(int label) {
        return factors[loss.weight() == null ? 0 : label];
    }

    private double upstream(int row) {
        FloatingTensor gradOutput = batch.gradOutput();
        return gradOutput == null ? 1.0 : gradOutput.get(loss.reduction() == Reduction.NONE ? row : 0);
    }

    /** Computes the rows [from, to) and writes their gradient. */
    void rows(int from, int to) {
        FastRow fast = FastRow.of(loss, batch.input(), checkpoint);
        ExactRow slow = new ExactRow(loss, batch.input(), checkpoint);
        boolean overflows = false;
        for (int row = from; row < to; row++) {
            int label = batch.label().array()[row];
            ClassFactors factors = factors(label);
            double upstream = upstream(row);
            double factor = factors.gradient().times(upstream);
            if (factors.areSafe(loss.p(), upstream) && fast.evaluate(row, label, factors.sign(), factor, gradient)) {
                sumHigh[row] = fast.sum.high();
                sumLow[row] = fast.sum.low();
            } else if (nonFinite == NonFinite.PROPAGATE && !isFinite(row)) {
                literal[row] = LiteralRow.evaluate(
                        loss, batch.input(), row, label, weight(label), upstream / divisor(), gradient);
            } else {
                Scaled exactFactor =
                        new Scaled().set(factors.gradient().exact()).multiply(upstream);
                slow.evaluate(row, label, factors.sign(), exactFactor, gradient);
                exact[row] = new Scaled().set(slow.sum);
            }
            overflows |= gradient != null && !Double.isFinite(gradient.get(row * classes + label));
        }
        if (overflows) {
            gradientOverflows = true;
        }
    }

    private double weight(int label) {
        FloatingTensor weight = loss.weight();
        return weight == null ? 1.0 : weight.get(label);
    }

    private boolean isFinite(int row) {
        boolean finite = Double.isFinite(loss.margin())
                && Double.isFinite(weight(batch.label().array()[row]))
                && Double.isFinite(upstream(row));
        for (int j = 0; j < classes; j++) {
            finite &= Double.isFinite(batch.input().get(row * classes + j));
        }
        return finite;
    }

    /**
     * Adds up what the rows left.
     *
     * @throws org.lossservice.tensor.FaultException {@code RESULT_OVERFLOW} for results that are too large for the dtype
     */
    LossResult finish(boolean weightGradient) {
        LossResult result = new LossResult(reduce(), gradient, weightGradient ? weightGradient() : null);
        if (nonFinite == NonFinite.ERROR) {
            Faults faults = new Faults();
            requireFinite("loss", result.loss(), faults);
            if (gradient != null && gradientOverflows) {
                requireFinite("gradient", gradient, faults);
            }
            if (result.weightGradient() != null) {
                requireFinite("weight_gradient", result.weightGradient(), faults);
            }
            faults.throwIfAny();
        }
        return result;
    }

    private FloatingTensor reduce() {
        boolean none = loss.reduction() == Reduction.NONE;
        FloatingTensor losses = FloatingTensor.zeros(batch.input().dtype(), none ? Shape.vector(rows) : Shape.scalar());
        Total total = new Total();
        for (int row = 0; row < rows; row++) {
            Factor factor = factors(batch.label().array()[row]).loss();
            add(total, row, factor, 1.0, literal.length > 0 && literal[row] != null ? literal[row].loss() : 0.0);
            if (none) {
                losses.set(row, total.dividedBy(divisor()));
                total = new Total();
            }
        }
        if (!none) {
            losses.set(0, total.dividedBy(divisor()));
        }
        return losses;
    }

    private FloatingTensor weightGradient() {
        @Nullable Total[] totals = new Total[classes];
        for (int row = 0; row < rows; row++) {
            int label = batch.label().array()[row];
            Total total = totals[label];
            if (total == null) {
                total = new Total();
                totals[label] = total;
            }
            double upstream = upstream(row);
            LiteralRow literalRow = literal.length > 0 ? literal[row] : null;
            double term = literalRow == null ? 0.0 : literalRow.weight() * (upstream / divisor());
            add(total, row, factors(label).weight(), upstream, term);
        }
        FloatingTensor weights = FloatingTensor.zeros(batch.input().dtype(), Shape.vector(classes));
        for (int c = 0; c < classes; c++) {
            Total total = totals[c];
            if (total != null) {
                weights.set(c, total.dividedBy(1.0));
            }
        }
        return weights;
    }

    private void add(Total total, int row, Factor factor, double upstream, double literalTerm) {
        Scaled sum = exact[row];
        if (literal.length > 0 && literal[row] != null) {
            total.addLiteral(literalTerm);
        } else if (sum != null) {
            total.add(factor, upstream, sum);
        } else {
            total.add(factor, upstream, sumHigh[row], sumLow[row]);
        }
    }

    private static void requireFinite(String name, FloatingTensor tensor, Faults faults) {
        int rank = tensor.shape().rank();
        for (int i = 0; i < tensor.shape().elements(); i++) {
            if (!Double.isFinite(tensor.get(i))) {
                int flat = i;
                faults.add(() -> {
                    Integer[] index = rank == 0
                            ? new Integer[0]
                            : rank == 1
                                    ? new Integer[] {flat}
                                    : new Integer[] {
                                        flat / tensor.shape().dimension(1),
                                        flat % tensor.shape().dimension(1)
                                    };
                    return new Fault(
                            FaultCode.RESULT_OVERFLOW,
                            name,
                            Arrays.asList(index),
                            name + (rank == 0 ? "" : Arrays.toString(index)) + " is too large for " + tensor.dtype()
                                    + (tensor.dtype() == org.lossservice.tensor.DType.FLOAT32 ? "; try float64" : ""));
                });
            }
        }
    }
}
