package org.lossservice.loss;

/**
 * The inner loops, over scratch arrays of doubles. Each is of a form that C2 turns into vector instructions: no branch, one
 * index for what is written, few arrays. Looking alike, they are not to be merged without measuring.
 */
final class Loops {

    private Loops() {}

    /** {@code z = z + base}, rounded; where base is exact, z has the exact sign. */
    static void shift(double[] z, int from, int to, double base) {
        for (int l = from; l < to; l++) {
            z[l] += base;
        }
    }

    /** {@code z = z + base + error}, to within 2^-53 (1 + 2^-50) of itself: see {@link ExactRow}. */
    static void shiftExactly(double[] z, int from, int to, double base, double error) {
        for (int l = from; l < to; l++) {
            double score = z[l];
            double sum = base + score;
            z[l] = sum + (ExactRow.twoSumError(base, score, sum) + error);
        }
    }

    static void multiply(double[] x, int from, int to, double factor) {
        for (int l = from; l < to; l++) {
            x[l] *= factor;
        }
    }

    /** {@code u = max(0, z)}; infinite or NaN where 2z is too large, or z is no number or -∞. */
    static void hinge(double[] z, double[] u, int length) {
        for (int l = 0; l < length; l++) {
            u[l] = 0.5 * (z[l] + Math.abs(z[l]));
        }
    }

    /** {@link #shift} and {@link #hinge} at once. */
    static void shiftAndHinge(float[] x, int from, double[] u, int length, double base) {
        for (int l = 0; l < length; l++) {
            double z = x[from + l] + base;
            u[l] = 0.5 * (z + Math.abs(z));
        }
    }

    /**
     * {@link #shiftAndHinge} and {@link #positive} at once, for a base that is exactly the sum of two floats: then no u above 0
     * is below 2^-149 or above 2^130, and a product rounded up to 1 takes half as long as a signum.
     */
    static void shiftAndHinge(float[] x, int from, double[] u, double[] t, int length, double base) {
        for (int l = 0; l < length; l++) {
            double z = x[from + l] + base;
            double hinge = 0.5 * (z + Math.abs(z));
            u[l] = hinge;
            t[l] = Math.ceil(0x1p-200 * hinge);
        }
    }

    /**
     * {@code u = max(0, x + base + error)}, the sum to within 2 · 2^-53 of itself and of the exact sign: where the first
     * sum is small against base it is exact (Sterbenz), and elsewhere error is below 2^-52 of it.
     */
    static void shiftAndHinge(double[] x, double[] u, int length, double base, double error) {
        for (int l = 0; l < length; l++) {
            double z = (x[l] + base) + error;
            u[l] = 0.5 * (z + Math.abs(z));
        }
    }

    /** As {@link #shiftAndHinge}, and {@code s = max(0, x + base)} in the same loop. */
    static void shiftAndHinge(double[] x, double[] u, double[] s, int length, double base, double error) {
        for (int l = 0; l < length; l++) {
            double rounded = x[l] + base;
            double z = rounded + error;
            u[l] = 0.5 * (z + Math.abs(z));
            s[l] = 0.5 * (rounded + Math.abs(rounded));
        }
    }

    /** {@link #shiftExactly} and {@link #hinge} at once. */
    static void shiftExactlyAndHinge(double[] x, double[] u, int length, double base, double error) {
        for (int l = 0; l < length; l++) {
            double score = x[l];
            double sum = base + score;
            double z = sum + (ExactRow.twoSumError(base, score, sum) + error);
            u[l] = 0.5 * (z + Math.abs(z));
        }
    }

    /** {@code t = 1} where u is above 0, else 0; u is not below 0. */
    static void positive(double[] u, double[] t, int length) {
        for (int l = 0; l < length; l++) {
            t[l] = Math.signum(u[l]);
        }
    }

    /**
     * As {@link #positive}, in a fraction of the time: a product rounded up to 1. For u that are 0 or at least 2^-114; where
     * one is above 2^960, some t is not right.
     */
    static void positiveUnlessTiny(double[] u, double[] t, int length) {
        for (int l = 0; l < length; l++) {
            t[l] = Math.ceil(0x1p-960 * u[l]);
        }
    }

    /** {@code t = 1 where z >= 0, else 0}. */
    static void notNegative(double[] z, double[] t, int length) {
        for (int l = 0; l < length; l++) {
            t[l] = 1.0 + Math.min(0.0, Math.signum(z[l]));
        }
    }

    static void product(double[] a, double[] b, double[] to, int length) {
        for (int l = 0; l < length; l++) {
            to[l] = a[l] * b[l];
        }
    }

    /** {@code t = u^power} by repeated multiplication, power at least 1. */
    static void power(double[] u, double[] t, int length, int power) {
        System.arraycopy(u, 0, t, 0, length);
        for (int bit = Integer.highestOneBit(power) >> 1; bit > 0; bit >>= 1) {
            product(t, t, t, length);
            if ((power & bit) != 0) {
                product(t, u, t, length);
            }
        }
    }

    /** {@code gradient = slope · t}, never -0.0. */
    static void scale(double[] t, int at, int length, double slope, float[] gradient, int from) {
        for (int l = 0; l < length; l++) {
            gradient[from + l] = (float) (slope * t[at + l]) + 0.0f;
        }
    }

    /** {@code gradient = slope · t}, never -0.0. */
    static void scale(double[] t, int from, int to, double slope, double[] gradient) {
        for (int l = from; l < to; l++) {
            gradient[l] = slope * t[l] + 0.0;
        }
    }
}
