package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FloatingTensor;

/**
 * The loss and its gradients in exact arithmetic, term by term as the formula of the specification is written: every
 * number here is still to be divided by {@link #divisor}.
 */
final class Oracle {

    private final MultiMarginLoss loss;
    private final Batch batch;
    private final int rows;
    private final int classes;

    /** What each result, and the magnitude beside it, is to be divided by. */
    final int divisor;

    final Sum[] losses;
    final Sum[] gradient;
    final Sum[] weightGradient;

    /** A sum, and the sum of the magnitudes of its terms. */
    static final class Sum {
        Dyadic value = Dyadic.ZERO;
        Dyadic magnitude = Dyadic.ZERO;

        private void add(Dyadic term) {
            value = value.plus(term);
            magnitude = magnitude.plus(term.abs());
        }
    }

    Oracle(MultiMarginLoss loss, Batch batch) {
        this.loss = loss;
        this.batch = batch;
        rows = batch.input().shape().dimension(0);
        classes = batch.input().shape().dimension(1);
        divisor = loss.reduction() == Reduction.MEAN ? rows * classes : classes;
        losses = sums(loss.reduction() == Reduction.NONE ? rows : 1);
        gradient = sums(rows * classes);
        weightGradient = sums(classes);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < classes; j++) {
                if (j != label(row)) {
                    addTerm(row, j);
                }
            }
        }
    }

    private static Sum[] sums(int length) {
        Sum[] sums = new Sum[length];
        Arrays.setAll(sums, i -> new Sum());
        return sums;
    }

    private int label(int row) {
        return batch.label().array()[row];
    }

    private static Dyadic element(@Nullable FloatingTensor tensor, int index) {
        return tensor == null ? Dyadic.ONE : Dyadic.of(tensor.get(index));
    }

    private void addTerm(int row, int j) {
        int label = label(row);
        int reduced = losses.length == 1 ? 0 : row;
        Dyadic weight = element(loss.weight(), label);
        Dyadic upstream = element(batch.gradOutput(), batch.gradOutput() == null ? 0 : reduced);
        Dyadic z = Dyadic.of(loss.margin())
                .minus(element(batch.input(), row * classes + label))
                .plus(element(batch.input(), row * classes + j));
        Dyadic p = Dyadic.of(loss.p());
        Dyadic term;
        Dyadic byScore;
        Dyadic byWeight;
        if (loss.convention() == Convention.DOCUMENTED) {
            Dyadic weighted = weight.times(z);
            if (weighted.signum() <= 0) {
                return;
            }
            term = weighted.power(loss.p());
            byScore = p.times(weighted.power(loss.p() - 1)).times(weight);
            byWeight = p.times(weighted.power(loss.p() - 1)).times(z);
        } else {
            if (z.signum() < 0 || (z.signum() == 0 && loss.convention() == Convention.PYTORCH)) {
                return;
            }
            term = weight.times(z.power(loss.p()));
            byScore = weight.times(p).times(z.power(loss.p() - 1));
            byWeight = z.power(loss.p());
        }
        losses[reduced].add(term);
        gradient[row * classes + j].add(upstream.times(byScore));
        gradient[row * classes + label].add(upstream.times(byScore).times(Dyadic.of(-1)));
        weightGradient[label].add(upstream.times(byWeight));
    }
}
