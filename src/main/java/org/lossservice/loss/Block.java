package org.lossservice.loss;

import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/**
 * The fast path: up to {@value #LENGTH} consecutive elements, as runs of equal length that each belong to one row. Every
 * run's sums come with a certificate; a run that has none is computed by {@link ExactRow}.
 *
 * <p>Why the results are right, with ε = 2^-53 and relative errors throughout. z is exact to ε and has the exact sign
 * (see {@link ExactRow}; where {@code base} is exact, a single rounding does the same). Multiplied up, u^(p-1) is exact to
 * (2p-3)ε for p ≥ 2 and u^p to (2p-1)ε; sums of one sign add 20ε in float32 and nothing to speak of in float64. The slope
 * is exact to ε, and its product with u^(p-1) is rounded once: (2p-1)ε for an element; for the label's, whose sum is rounded
 * before, 2pε, which is 3ε where p is 1. The loss is exact to (2p-1)ε and rounded once, but that the sum of a long row costs
 * another ε where p is not 2, and where p is 1 its z is exact to 2ε: to 3ε then. An ulp is at least ε, whence the bounds of
 * float64; the 2^29 times wider ulp of float32 leaves nothing but its own rounding.
 */
final class Block {

    /** The elements of a block, at most. */
    static final int LENGTH = Sums.LARGE;
    /** Rows up to this length are computed several at a time. */
    static final int SHORT = 32;

    /** Stands for z where there is no term: any negative number is as good. */
    private static final double NO_TERM = -1;
    /** Larger powers are not worth vectors. */
    private static final int LARGEST_POWER = 1 << 12;
    /** Sums of powers above this may hold an overflow. */
    private static final double LARGE = 0x1p960;
    /** Sums of powers below this may have lost terms to underflow. */
    private static final double SMALL = 0x1p-900;

    private final Formula formula;
    private final boolean withSlopes;
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
    private double powersHigh;
    private double powersLow;
    private double slopesHigh;
    private double slopesLow;

    /** @param withSlopes whether u^(p-1), and its sums, are wanted */
    Block(Formula formula, FloatingTensor input, boolean withSlopes) {
        this.formula = formula;
        this.withSlopes = withSlopes;
        float64 = input.dtype() == DType.FLOAT64;
        // A u of float32 scores is 0 or at least 2^-149.
        neverUnderflows = formula.p == 1 || (!float64 && formula.p <= 6);
        smallestBase = StrictMath.pow(2, -900.0 / formula.p);
        int length = length(formula.rows, formula.classes);
        z = new double[length];
        u = new double[length];
        slopes = formula.p == 2 ? u : new double[length];
        powers = formula.p == 1 ? u : new double[length];
    }

    /** The length of the arrays: as little as will do, for most batches are small. */
    private static int length(int rows, int classes) {
        return classes <= SHORT ? Math.min(LENGTH / classes, rows) * classes : Sums.padded(classes);
    }

    /** The sum of a run's u^p, to which {@link #powersLow} is to be added. */
    double powersHigh() {
        return powersHigh;
    }

    double powersLow() {
        return powersLow;
    }

    /** The sum of a run's u^(p-1), to which {@link #slopesLow} is to be added. */
    double slopesHigh() {
        return slopesHigh;
    }

    double slopesLow() {
        return slopesLow;
    }

    /**
     * Computes the elements of one run of a row, not yet their sums.
     *
     * @param from the flat index of the first element
     * @param column the column in which the run begins
     */
    void compute(RowFactors row, FloatingTensor input, int from, int column, int length) {
        int label = row.label - column;
        if (row.side == 1 && !formula.activeAtKink) {
            hinge(row, input, from, length);
            if (label >= 0 && label < length) {
                u[label] = 0;
            }
        } else {
            Elements.load(input, from, z, length);
            shift(row, 0, length);
            if (label >= 0 && label < length) {
                z[label] = NO_TERM;
            }
            Loops.hinge(z, u, length);
        }
        multiplyUp(length);
    }

    /** The everyday case: shift and hinge at once. */
    private void hinge(RowFactors row, FloatingTensor input, int from, int length) {
        if (input instanceof Float32Tensor floats && row.baseError == 0) {
            Loops.shiftAndHinge(floats.array(), from, u, length, row.base);
            return;
        }
        Elements.load(input, from, z, length);
        if (formula.p == 1 || row.baseError == 0) {
            Loops.shiftAndHinge(z, u, length, row.base, row.baseError);
        } else {
            Loops.shiftExactlyAndHinge(z, u, length, row.base, row.baseError);
        }
    }

    /** Computes the elements of whole short rows, one run after the other. */
    void compute(RowFactors[] rows, int count, FloatingTensor input, int from) {
        int classes = formula.classes;
        int length = count * classes;
        Elements.load(input, from, z, length);
        for (int r = 0; r < count; r++) {
            shift(rows[r], r * classes, (r + 1) * classes);
            z[r * classes + rows[r].label] = NO_TERM;
        }
        Loops.hinge(z, u, length);
        multiplyUp(length);
    }

    private void shift(RowFactors row, int from, int to) {
        if (row.baseError == 0) {
            Loops.shift(z, from, to, row.base);
        } else {
            Loops.shiftExactly(z, from, to, row.base, row.baseError);
        }
        if (row.side != 1) {
            Loops.multiply(z, from, to, row.side);
        }
    }

    private void multiplyUp(int length) {
        int p = formula.p;
        if (formula.activeAtKink) {
            Loops.notNegative(z, slopes, length);
        } else if (p == 1) {
            if (withSlopes) {
                Loops.positive(u, slopes, length);
            }
        } else if (p <= LARGEST_POWER) {
            if (p > 2) {
                Loops.power(u, slopes, length, p - 1);
            }
            Loops.product(u, slopes, powers, length);
        }
    }

    /**
     * Sums the block's only run; may be called once.
     *
     * @return whether the sums are certain; if not, the run's gradient may be wrong as well
     */
    boolean sum(RowFactors row, int length) {
        if (!row.certain || formula.p > LARGEST_POWER) {
            return false;
        }
        powersHigh = float64 ? sums.exact(powers, length, formula.p != 2) : sums.plain(powers, length);
        powersLow = float64 ? sums.lost() : 0;
        if (!isCertain(powersHigh, row.slope, 0, length)) {
            return false;
        }
        if (withSlopes) {
            // A count is exact as it is.
            boolean plain = !float64 || formula.p == 1;
            slopesHigh = plain ? sums.plain(slopes, length) : sums.exact(slopes, length, true);
            slopesLow = plain ? 0 : sums.lost();
        }
        return true;
    }

    /** Sums one run of a block of short rows; otherwise as {@link #sum}. */
    boolean sumShort(RowFactors row, int from, int to) {
        if (!row.certain || formula.p > LARGEST_POWER) {
            return false;
        }
        powersHigh = float64 ? sums.exactTail(powers, from, to) : Sums.plainTail(powers, from, to);
        powersLow = float64 ? sums.lost() : 0;
        if (!isCertain(powersHigh, row.slope, from, to)) {
            return false;
        }
        if (withSlopes) {
            boolean plain = !float64 || formula.p == 1;
            slopesHigh = plain ? Sums.plainTail(slopes, from, to) : sums.exactTail(slopes, from, to);
            slopesLow = plain ? 0 : sums.lost();
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
    private boolean isCertain(double sum, double slope, int from, int to) {
        if (!(sum < LARGE)) {
            return false;
        }
        if (neverUnderflows || (sum >= SMALL && (formula.p == 2 || Math.abs(slope) <= 1))) {
            return true;
        }
        for (int l = from; l < to; l++) {
            if (u[l] > 0 && u[l] < smallestBase) {
                return false;
            }
        }
        return true;
    }
}
