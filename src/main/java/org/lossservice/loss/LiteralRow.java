package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * A row in which something is NaN or infinite, by the formula's letters in IEEE 754 arithmetic: a NaN that reaches a term
 * stays, and a comparison with one is never taken for a no.
 *
 * @param loss Σ of the terms, yet to be divided by C
 * @param weight the derivative of that with respect to the weight
 */
record LiteralRow(double loss, double weight) {

    /**
     * Computes a row and writes its gradient.
     *
     * @param weight the weight of the label's class
     * @param upstream by which the gradient is multiplied, divided by C and perhaps N already
     * @param gradient where to write, which may be {@code input}; null where it is not wanted
     */
    static LiteralRow evaluate(
            MultiMarginLoss loss,
            FloatingTensor input,
            int row,
            int label,
            double weight,
            double upstream,
            @Nullable FloatingTensor gradient) {
        int classes = input.shape().dimension(1);
        int start = row * classes;
        double shift = loss.margin() - input.get(start + label);
        boolean inside = loss.convention() == Convention.DOCUMENTED;
        int p = loss.p();
        double total = 0.0;
        double weightTotal = 0.0;
        double slopes = 0.0;
        for (int j = 0; j < classes; j++) {
            if (j == label) {
                continue;
            }
            double z = shift + input.get(start + j);
            double base = inside ? weight * z : z;
            double slope = 0.0;
            boolean kink = base == 0 && p == 1 && loss.convention() == Convention.PADDLE;
            if (!(base <= 0) || kink) {
                double lower = power(base, p - 1);
                double term = base * lower;
                total += inside ? term : weight * term;
                weightTotal += inside ? p * lower * z : term;
                slope = p * lower * weight + (Double.isNaN(base) ? base : 0.0);
            }
            slopes += slope;
            if (gradient != null) {
                gradient.set(start + j, upstream * slope);
            }
        }
        if (gradient != null) {
            gradient.set(start + label, -(upstream * slopes));
        }
        return new LiteralRow(total, weightTotal);
    }

    private static double power(double base, int n) {
        double power = 1.0;
        double square = base;
        for (int bits = n; bits != 0; bits >>>= 1) {
            if ((bits & 1) != 0) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }
}
