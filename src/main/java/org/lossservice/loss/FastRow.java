package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;

/**
 * Rows in plain doubles, by loops without branches that the compiler vectorises, each certified or given back.
 *
 * <p>With u = 2^-53 let a = sign·(m − x_y) rounded, and e its error, which is known exactly. Where e is 0, z_j = a + sign·x_j
 * has relative error u and an exact sign, and is 0 only where the real number is. Where e is not 0, the low parts of both
 * additions are added on, and z_j errs by at most u·|z_j| + 4u²(|z_j| + |a|); the row is then only certified if all |z_j| are
 * at least 2^-40·|a|, so that the second part is below 2^-10·u·|z_j|. All terms of S = Σ max(0, z_j)^p have one sign: the
 * relative error of S is that of a term, (2p − 1)·u, and that of the additions, which float64 adds on as well and a float32
 * cannot see. With one rounding each for the factor K, its product with z^(p−1) and the answer, all stays within 4 units
 * in the last place for p up to 2, and 2p + 4 beyond.
 *
 * <p>Nothing has overflowed where S is at most 2^960. Powers may have underflowed; what they lost cannot be seen in S where
 * that is at least 2^-900, nor in a gradient where K is at most 1 or all |z_j|^p are at least 2^-900.
 *
 * <p>Not thread-safe: each task has its own.
 */
abstract sealed class FastRow permits Float32Row, Float64Row {

    /** How many scores are worked on at a time: what is kept of them stays in the nearest caches. */
    static final int CHUNK = 1024;

    private static final double LARGEST = 0x1p960;
    private static final double SMALLEST = 0x1p-900;
    private static final double CERTAIN = 0x1p-40;

    private final MultiMarginLoss loss;
    private final FloatingTensor input;
    private final int classes;
    private final Runnable checkpoint;

    /** The scores of the current chunk, then whatever else is wanted of each. */
    private final double[] scratch;

    /** Of the current chunk sign·z, then max(0, sign·z). */
    private final double[] z;

    /** Of the current chunk max(0, z)^(p-1); for p = 1 whether z is active. */
    private final double[] powers;

    private final ChunkSum chunkSum;
    private final DoubleDouble powerSum = new DoubleDouble();

    /** S of the last row. */
    final DoubleDouble sum = new DoubleDouble();

    private int start;
    private int label;
    private double sign;
    private double shift;
    private double error;
    private double least;

    FastRow(MultiMarginLoss loss, FloatingTensor input, Runnable checkpoint) {
        this.loss = loss;
        this.input = input;
        this.checkpoint = checkpoint;
        classes = input.shape().dimension(1);
        int length = Math.min(classes, CHUNK);
        scratch = new double[length];
        z = new double[length];
        powers = loss.p() == 2 ? z : new double[length];
        chunkSum = new ChunkSum(length);
    }

    static FastRow of(MultiMarginLoss loss, FloatingTensor input, Runnable checkpoint) {
        return switch (input) {
            case Float32Tensor floats -> new Float32Row(loss, floats, checkpoint);
            case Float64Tensor doubles -> new Float64Row(loss, doubles, checkpoint);
        };
    }

    /** Reads the scores [start, start + length) of the input. */
    abstract void load(double[] scores, int start, int length);

    /** Adds {@code terms} as exactly as the dtype needs. */
    abstract void add(double[] terms, int length, ChunkSum chunkSum, DoubleDouble sum);

    /** Writes numbers, rounded to the dtype, with +0.0 for zeros, to [start, start + length) of a gradient. */
    abstract void store(double[] numbers, FloatingTensor gradient, int start, int length);

    /**
     * Sums a row's powers and writes its gradient.
     *
     * @param sign by which z is multiplied
     * @param factor K, by which the powers are multiplied
     * @param gradient where to write; null where it is not wanted
     * @return false where the row is not certified: then nothing was written
     */
    boolean evaluate(int row, int label, double sign, double factor, @Nullable FloatingTensor gradient) {
        start = row * classes;
        this.label = label;
        this.sign = sign;
        double margin = sign * loss.margin();
        double score = sign * input.get(start + label);
        shift = margin - score;
        double back = shift - margin;
        error = (margin - (shift - back)) - (score + back);
        least = Double.POSITIVE_INFINITY;
        sum.clear();
        powerSum.clear();
        for (int offset = 0; offset < classes; offset += CHUNK) {
            int length = Math.min(CHUNK, classes - offset);
            fill(offset, length);
            addUp(length);
            checkpoint.run();
        }
        if (!isCertified(factor)) {
            return false;
        }
        if (gradient != null) {
            write(gradient, factor);
        }
        return true;
    }

    private void addUp(int length) {
        if (loss.p() == 1) {
            add(z, length, chunkSum, sum);
            chunkSum.addPlainly(powers, length, powerSum);
            return;
        }
        for (int i = 0; i < length; i++) {
            scratch[i] = z[i] * powers[i];
        }
        add(scratch, length, chunkSum, sum);
        add(powers, length, chunkSum, powerSum);
    }

    private void write(FloatingTensor gradient, double factor) {
        for (int offset = 0; offset < classes; offset += CHUNK) {
            int length = Math.min(CHUNK, classes - offset);
            if (classes > CHUNK) {
                fill(offset, length);
                checkpoint.run();
            }
            for (int i = 0; i < length; i++) {
                scratch[i] = factor * powers[i];
            }
            store(scratch, gradient, start + offset, length);
        }
        gradient.set(start + label, 0.0 - factor * powerSum.value());
    }

    private boolean isCertified(double factor) {
        int p = loss.p();
        double total = sum.high();
        boolean signsAreCertain = error == 0 || least >= Math.abs(shift) * CERTAIN;
        // a NaN anywhere ends here as well
        if (!signsAreCertain || !(total <= LARGEST) || !(Math.abs(shift) <= LARGEST)) {
            return false;
        }
        if (p == 1 || (total >= SMALLEST && (p == 2 || Math.abs(factor) <= 1))) {
            return true;
        }
        // so few rows come here that they can be gone through once more
        double leastActive = leastActive();
        return leastActive == Double.POSITIVE_INFINITY
                || (total >= SMALLEST && leastActive >= Math.pow(SMALLEST, 1.0 / p));
    }

    private double leastActive() {
        double leastActive = Double.POSITIVE_INFINITY;
        for (int offset = 0; offset < classes; offset += CHUNK) {
            int length = Math.min(CHUNK, classes - offset);
            if (classes > CHUNK) {
                fill(offset, length);
            }
            for (int i = 0; i < length; i++) {
                leastActive = z[i] > 0 ? Math.min(leastActive, z[i]) : leastActive;
            }
        }
        return leastActive;
    }

    /** Makes z and the powers of the scores [offset, offset + length) of the row. */
    private void fill(int offset, int length) {
        load(scratch, start + offset, length);
        int hole = label - offset;
        boolean holed = hole >= 0 && hole < length;
        if (error != 0) {
            correctedDifferences(length);
            least = Math.min(least, leastMagnitude(holed ? hole : length, length));
            System.arraycopy(z, 0, scratch, 0, length);
            raise(length, 0.0, 1.0);
        } else {
            raise(length, shift, sign);
        }
        if (holed) {
            z[hole] = 0.0;
            powers[hole] = 0.0;
        }
    }

    private void correctedDifferences(int length) {
        for (int i = 0; i < length; i++) {
            double score = sign * scratch[i];
            double rounded = shift + score;
            double back = rounded - shift;
            z[i] = rounded + (((shift - (rounded - back)) + (score - back)) + error);
        }
    }

    /** The least |z| of a chunk, without the one at {@code hole}. */
    private double leastMagnitude(int hole, int length) {
        double magnitude = Double.POSITIVE_INFINITY;
        for (int i = 0; i < hole; i++) {
            magnitude = Math.min(magnitude, Math.abs(z[i]));
        }
        for (int i = hole + 1; i < length; i++) {
            magnitude = Math.min(magnitude, Math.abs(z[i]));
        }
        return magnitude;
    }

    /** Makes z = max(0, a + b·scratch) and its powers. */
    private void raise(int length, double a, double b) {
        int p = loss.p();
        if (p == 1 && loss.convention() == Convention.PADDLE) {
            for (int i = 0; i < length; i++) {
                double difference = a + b * scratch[i];
                z[i] = Math.max(0.0, difference);
                powers[i] = 1.0 + Math.min(0.0, Math.signum(difference));
            }
        } else if (p == 1) {
            for (int i = 0; i < length; i++) {
                double positive = Math.max(0.0, a + b * scratch[i]);
                z[i] = positive;
                powers[i] = Math.signum(positive);
            }
        } else {
            for (int i = 0; i < length; i++) {
                z[i] = Math.max(0.0, a + b * scratch[i]);
            }
        }
        if (p > 2) {
            power(length, p - 1);
        }
    }

    private void power(int length, int n) {
        Arrays.fill(powers, 0, length, 1.0);
        System.arraycopy(z, 0, scratch, 0, length);
        for (int bits = n; bits != 0; bits >>>= 1) {
            if ((bits & 1) != 0) {
                for (int i = 0; i < length; i++) {
                    powers[i] *= scratch[i];
                }
            }
            for (int i = 0; i < length; i++) {
                scratch[i] *= scratch[i];
            }
        }
    }
}
