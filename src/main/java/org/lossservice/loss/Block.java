package org.lossservice.loss;

import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/**
 * The fast path: up to {@value Sums#LONGEST} consecutive elements, as runs of equal length that each belong to one row. Every
 * run's sums come with a certificate; a run that has none is computed by {@link ExactRow}.
 *
 * <p>Why the results are right, with ε = 2^-53 and relative errors throughout. z is exact to ε and has the exact sign
 * (see {@link ExactRow}; where {@code base} is exact, a single rounding does the same). Multiplied up, u^(p-1) is exact to
 * (2p-3)ε for p ≥ 2 and u^p to (2p-1)ε; sums of one sign add 20ε in float32 and nothing to speak of in float64. The slope
 * is exact to ε, and its product with u^(p-1) is rounded once: (2p-1)ε for an element; for the label's, whose sum is rounded
 * before, 2pε, which is 3ε where p is 1. The loss is exact to (2p-1)ε and rounded once. An ulp is at least ε, whence the
 * bounds of float64; the 2^29 times wider ulp of float32 leaves nothing but its own rounding.
 */
final class Block {

    /** Larger powers are not worth vectors. */
    private static final int LARGEST_POWER = 1 << 12;
    /** Sums of powers above this may hold an overflow. */
    private static final double LARGE = 0x1p960;
    /** Sums of powers below this may have lost terms to underflow. */
    private static final double SMALL = 0x1p-900;

    private final Formula formula;
    private final boolean float64;
    /** Whether no power of u underflows, whatever the scores. */
    private final boolean neverUnderflows;
    /** The smallest u whose p-th power is nowhere near underflow. */
    private final double smallestBase;

    private final double[] z;
    private final double[] u;
    /** u^(p-1). */
    private final double[] slopes;
    /** u^p. */
    private final double[] powers;

    private final Sums sums = new Sums();

    Block(Formula formula, FloatingTensor input) {
        this.formula = formula;
        float64 = input.dtype() == DType.FLOAT64;
        // A u of float32 scores is 0 or at least 2^-149.
        neverUnderflows = formula.p == 1 || (!float64 && formula.p <= 6);
        smallestBase = Math.scalb(1.0, -900 / formula.p);
        int length = Math.min(Sums.LONGEST, input.shape().elements());
        z = new double[length];
        u = new double[length];
        slopes = formula.p == 2 ? u : new double[length];
        powers = formula.p == 1 ? u : new double[length];
    }

    /**
     * Computes the elements of {@code runs} runs, not yet their sums.
     *
     * @param from the flat index of the first element
     * @param column the column that each run begins with
     */
    void compute(RowFactors[] rows, int runs, FloatingTensor input, int from, int column, int length) {
        int n = runs * length;
        if (float64) {
            Elements.load(input, from, z, n);
        }
        for (int run = 0; run < runs; run++) {
            shift(rows[run], input, from, run * length, length, column);
        }
        int p = formula.p;
        if (p == 1) {
            Loops.hinge(z, u, slopes, n);
            if (formula.activeAtKink) {
                Loops.notNegative(z, slopes, n);
            }
        } else if (p <= LARGEST_POWER) {
            Loops.hinge(z, u, n);
            if (p > 2) {
                Loops.power(u, slopes, n, p - 1);
            }
            Loops.product(u, slopes, powers, n);
        }
    }

    private void shift(RowFactors row, FloatingTensor input, int from, int at, int length, int column) {
        if (input instanceof Float32Tensor floats) {
            if (row.baseError == 0) {
                Loops.shift(floats.array(), from + at, z, at, length, row.base);
            } else {
                // Doubles of float32 scores are spread wide enough to make this the rare case.
                Loops.shift(floats.array(), from + at, z, at, length, 0);
                Loops.shiftExactly(z, at, at + length, row.base, row.baseError);
            }
        } else if (row.baseError == 0) {
            Loops.shift(z, at, at + length, row.base);
        } else {
            Loops.shiftExactly(z, at, at + length, row.base, row.baseError);
        }
        if (row.side != 1) {
            Loops.multiply(z, at, at + length, row.side);
        }
        int label = row.label - column;
        if (label >= 0 && label < length) {
            // No term: any negative number is as good.
            z[at + label] = -1;
        }
    }

    /**
     * Adds the sums of one run's powers and slopes, if they are certain.
     *
     * @param at where the run begins in the block
     * @param slopeSum null where it is not wanted
     * @return whether they are, and were added; if not, the run's gradient may be wrong as well
     */
    boolean addSums(RowFactors row, int at, int length, Total powerSum, @Nullable Total slopeSum) {
        if (!row.certain || formula.p > LARGEST_POWER) {
            return false;
        }
        double sum = float64 ? sums.compensated(powers, at, length) : sums.plain(powers, at, length);
        if (!isCertain(sum, row.slope, at, length)) {
            return false;
        }
        powerSum.add(sum, float64 ? sums.lost() : 0);
        if (slopeSum != null) {
            // A count is exact as it is.
            boolean plain = !float64 || formula.p == 1;
            double slopesHigh = plain ? sums.plain(slopes, at, length) : sums.compensated(slopes, at, length);
            slopeSum.add(slopesHigh, plain ? 0 : sums.lost());
        }
        return true;
    }

    /** Writes the gradient of {@code length} elements of the block, but for those of labels, to {@code from} and on. */
    void store(int at, int length, double slope, FloatingTensor gradient, int from) {
        switch (gradient) {
            case Float32Tensor floats -> Loops.scale(slopes, at, length, slope, floats.array(), from);
            case Float64Tensor doubles -> {
                Loops.scale(slopes, at, at + length, slope, z);
                System.arraycopy(z, at, doubles.array(), from, length);
            }
        }
    }

    /**
     * Whether nothing that matters overflowed or underflowed. A u^(p-1) that underflows is lost on a slope above 1 alone:
     * multiplied by less, what is missing is below the smallest number there is.
     */
    private boolean isCertain(double sum, double slope, int from, int length) {
        if (!(sum < LARGE)) {
            return false;
        }
        if (neverUnderflows || (sum >= SMALL && (formula.p == 2 || Math.abs(slope) <= 1))) {
            return true;
        }
        for (int l = from; l < from + length; l++) {
            if (u[l] > 0 && u[l] < smallestBase) {
                return false;
            }
        }
        return true;
    }
}
