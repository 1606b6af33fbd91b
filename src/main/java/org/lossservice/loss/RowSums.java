package org.lossservice.loss;

import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Shape;

/** The sum of powers of each row, kept for the gradient with respect to weight. */
final class RowSums {

    private final double[] high;
    private final double[] low;
    private final long[] exponent;

    RowSums(int rows) {
        high = new double[rows];
        low = new double[rows];
        exponent = new long[rows];
    }

    void set(int row, Scaled powers) {
        high[row] = powers.high();
        low[row] = powers.low();
        exponent[row] = powers.exponent();
    }

    /** The gradient with respect to weight, shape [C]: each class sums its rows in their order. */
    FloatingTensor weightGradient(Formula formula, DType dtype) {
        FloatingTensor gradient = FloatingTensor.zeros(dtype, Shape.vector(formula.classes));
        int[] ends = new int[formula.classes];
        int[] order = byLabel(formula, ends);
        Scaled sum = new Scaled();
        Scaled term = new Scaled();
        int at = 0;
        for (int label = 0; label < formula.classes; label++) {
            if (at == ends[label]) {
                continue;
            }
            sum.set(0);
            for (; at < ends[label]; at++) {
                int row = order[at];
                term.set(high[row], low[row], exponent[row]);
                sum.add(term.multiply(new Scaled().set(formula.upstream(row))));
            }
            Elements.store(
                    sum.multiply(formula.weightSlope(formula.weight(label))).toDouble(), gradient, label);
        }
        return gradient;
    }

    /** The rows sorted by label, in their order within each (counting sort); fills where each label's rows end. */
    private static int[] byLabel(Formula formula, int[] ends) {
        for (int row = 0; row < formula.rows; row++) {
            ends[formula.label(row)]++;
        }
        int before = 0;
        for (int label = 0; label < ends.length; label++) {
            int count = ends[label];
            ends[label] = before;
            before += count;
        }
        int[] order = new int[formula.rows];
        for (int row = 0; row < formula.rows; row++) {
            order[ends[formula.label(row)]++] = row;
        }
        return order;
    }
}
