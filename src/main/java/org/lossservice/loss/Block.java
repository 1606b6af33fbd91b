package org.lossservice.loss;

import java.util.Arrays;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/**
 * The fast path: up to {@value #LENGTH} consecutive elements, as runs of equal length that each belong to one row. Every
 * run's sums come with a certificate; a run that has none is computed by {@link ExactRow}.
 *
 * <p>Why the results are right, with ε = 2^-53 and relative errors throughout; the last rounding costs half an ulp, which is
 * at least ε. z has the exact sign, and is exact to ε (see {@link ExactRow}; where {@code base} is exact, a single rounding
 * does the same) or, in long rows where p is at most 2, to 2ε. Multiplied up, u^(p-1) is exact to (2p-3)ε and u^p to (2p-1)ε
 * where p is above 2. The slope is exact to ε, or nearly so with its low part; sums of one sign cost 31ε in float32, in
 * float64 one ε at most. Before the last rounding, then, in float64:
 *
 * <pre>
 *                p = 1      p = 2      p &gt; 2
 *   an element   ε          3ε         (2p-2)ε
 *   the label's  0          3ε         (2p-2)ε
 *   the loss     3ε         3.3ε       2pε
 * </pre>
 *
 * The loss for p = 2 is that of s = x + base, rounded once, its squares not rounded at all, plus twice the product of what
 * base lacks with the sum of u: 2ε, ε for the sum, and what is of second order, which is checked. The 2^29 times wider ulp of
 * float32 leaves nothing but its own rounding.
 */
final class Block {

    /** The elements of a block, at most. */
    static final int LENGTH = Sums.LARGE;
    /** Rows up to this length are computed several at a time. */
    static final int SHORT = 32;

    /** Stands for z where there is no term; any negative number would do. */
    private static final double NO_TERM = -1;
    /** Larger powers are not worth vectors. */
    private static final int LARGEST_POWER = 1 << 12;
    /** The part of a sum of squares that half the correction for {@link #rootError} may be. */
    private static final double SMALL_CORRECTION = 0x1p-33;

    private final Formula formula;
    private final boolean withSlopes;
    private final boolean float64;
    private final Certificate certificate;

    private final double[] z;
    private final double[] u;
    /** u^(p-1). */
    private final double[] slopes;
    /** u^p; or, where {@link #rootError} is not 0, max(0, x + base), whose squares are summed. */
    private final double[] powers;

    /** Where the label's score is in the block; below 0 or beyond the block where it is not. */
    private int label;
    /** The length of runs behind which the arrays hold zeros; see {@link #pad}. */
    private int filled;
    /** Where p is 2, what is squared: {@link #u}, or {@link #powers}, which lack {@link #rootError}. */
    private double[] roots;

    /** The row's baseError where {@link #roots} lack it, else 0. */
    private double rootError;

    /** The sums of the run that was summed last. */
    final RunSums sums;

    /** @param withSlopes whether u^(p-1), and its sums, are wanted */
    Block(Formula formula, FloatingTensor input, boolean withSlopes) {
        this.formula = formula;
        this.withSlopes = withSlopes;
        float64 = input.dtype() == DType.FLOAT64;
        sums = new RunSums(formula.p, float64, withSlopes);
        certificate = new Certificate(formula.p, float64);
        // As little as will do, for most batches are small.
        int classes = formula.classes;
        int length = classes <= SHORT ? Math.min(LENGTH / classes, formula.rows) * classes : Sums.padded(classes);
        z = new double[length];
        u = new double[length];
        slopes = formula.p == 2 ? u : new double[length];
        powers = formula.p == 1 ? u : new double[length];
        roots = u;
    }

    /**
     * Computes the elements of one run of a row, not yet their sums.
     *
     * @param from the flat index of the first element
     * @param column the column in which the run begins
     */
    void compute(RowFactors row, FloatingTensor input, int from, int column, int length) {
        if (length != filled) {
            pad(length);
        }
        label = row.label - column;
        roots = u;
        rootError = 0;
        if (row.side != 1 || formula.activeAtKink) {
            Elements.load(input, from, z, length);
            row.shift(z, 0, length);
            skipLabel(z, NO_TERM, length);
            Loops.hinge(z, u, length);
        } else if (input instanceof Float32Tensor floats && row.baseError == 0 && formula.p == 1 && withSlopes) {
            Loops.shiftAndHinge(floats.array(), from, u, slopes, length, row.base);
            skipLabel(u, 0, length);
            skipLabel(slopes, 0, length);
            return;
        } else {
            hinge(row, input, from, length);
            skipLabel(u, 0, length);
        }
        if (formula.p != 2) {
            multiplyUp(length, row.neverTiny());
        }
    }

    /** Puts zeros behind the run for its sums to read, which stay there as long as runs have this length. */
    private void pad(int length) {
        int end = Sums.padded(length);
        Arrays.fill(slopes, length, end, 0.0);
        Arrays.fill(powers, length, end, 0.0);
        filled = length;
    }

    private void skipLabel(double[] x, double value, int length) {
        if (label >= 0 && label < length) {
            x[label] = value;
        }
    }

    /** The everyday case: shift and hinge at once. */
    private void hinge(RowFactors row, FloatingTensor input, int from, int length) {
        if (input instanceof Float32Tensor floats && row.baseError == 0) {
            Loops.shiftAndHinge(floats.array(), from, u, length, row.base);
            return;
        }
        Elements.load(input, from, z, length);
        if (float64 && formula.p > 2 && row.baseError != 0) {
            Loops.shiftExactlyAndHinge(z, u, length, row.base, row.baseError);
        } else if (float64 && formula.p == 2 && row.baseError != 0) {
            rootError = row.baseError;
            roots = powers;
            Loops.shiftAndHinge(z, u, roots, length, row.base, row.baseError);
            skipLabel(roots, 0, length);
        } else {
            Loops.shiftAndHinge(z, u, length, row.base, row.baseError);
        }
    }

    /** Computes the elements of whole short rows, one run after the other. */
    void compute(RowFactors[] rows, int count, FloatingTensor input, int from) {
        int classes = formula.classes;
        int length = count * classes;
        Elements.load(input, from, z, length);
        boolean neverTiny = true;
        for (int r = 0; r < count; r++) {
            neverTiny &= rows[r].neverTiny();
            rows[r].shift(z, r * classes, (r + 1) * classes);
            z[r * classes + rows[r].label] = NO_TERM;
        }
        Loops.hinge(z, u, length);
        multiplyUp(length, neverTiny);
    }

    private void multiplyUp(int length, boolean neverTiny) {
        int p = formula.p;
        if (formula.activeAtKink) {
            Loops.notNegative(z, slopes, length);
        } else if (p == 1) {
            if (withSlopes && neverTiny) {
                Loops.positiveUnlessTiny(u, slopes, length);
            } else if (withSlopes) {
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
        sums.sum(formula.p == 2 ? roots : powers, slopes, length, row.size());
        return certificate.holds(sums.powersHigh, sums.slopesHigh, row.slope, u, 0, length)
                && (rootError == 0 || addRootError(row, length));
    }

    /**
     * Adds what the sum of squares of s lacks to that of squares of s + error, but for the squares of error: at most a quarter
     * of ε, for s is 0 or at least twice error where that is negative, and so is at most twice u. Where the correction is not
     * small, sums other squares; returns whether that sum is certain, too: error may overflow on its way, where s does not.
     */
    private boolean addRootError(RowFactors row, int length) {
        double sum = withSlopes ? sums.slopesHigh : sums.plain(u, length);
        if (Math.abs(rootError) * sum <= SMALL_CORRECTION * sums.powersHigh) {
            sums.powersLow += 2 * rootError * sum;
            return true;
        }
        Loops.shiftExactlyAndHinge(z, powers, length, row.base, row.baseError);
        skipLabel(powers, 0, length);
        sums.sumPowersExactly(powers, length, row.size());
        return certificate.holds(sums.powersHigh, sums.slopesHigh, row.slope, u, 0, length);
    }

    /** Sums one run of a block of short rows; otherwise as {@link #sum}. */
    boolean sumShort(RowFactors row, int from, int to) {
        if (!row.certain || formula.p > LARGEST_POWER) {
            return false;
        }
        sums.sumShort(powers, slopes, from, to);
        return certificate.holds(sums.powersHigh, sums.slopesHigh, row.slope, u, from, to);
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
}
