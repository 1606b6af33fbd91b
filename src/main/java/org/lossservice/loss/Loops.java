package org.lossservice.loss;

/**
 * The inner loops, over scratch arrays of doubles. Each is of a form that C2 turns into vector instructions: no branch, one
 * index, constant distances. Looking alike, they are not to be merged without measuring.
 */
final class Loops {

    private Loops() {}

    /** {@code z = x + base}, rounded; where base is exact, z has the exact sign. In place. */
    static void shift(double[] x, int from, int to, double base) {
        for (int l = from; l < to; l++) {
            x[l] += base;
        }
    }

    /** {@code z = x + base + error}, to within 2^-53 (1 + 2^-50) of itself: see {@link ExactRow}. In place. */
    static void shiftExactly(double[] x, int from, int to, double base, double error) {
        for (int l = from; l < to; l++) {
            double score = x[l];
            double sum = base + score;
            double part = sum - base;
            double lost = (base - (sum - part)) + (score - part);
            x[l] = sum + (lost + error);
        }
    }

    static void multiply(double[] x, int from, int to, double factor) {
        for (int l = from; l < to; l++) {
            x[l] *= factor;
        }
    }

    /** {@code u = max(0, z)}; NaN where z is not finite or nearly so. */
    static void hinge(double[] z, double[] u, int length) {
        for (int l = 0; l < length; l++) {
            u[l] = 0.5 * (z[l] + Math.abs(z[l]));
        }
    }

    /** {@code t = 1 where z > 0, else 0}. */
    static void positive(double[] z, double[] t, int length) {
        for (int l = 0; l < length; l++) {
            t[l] = Math.max(0.0, Math.signum(z[l]));
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
    static void scale(double[] t, double[] gradient, int from, int to, double slope) {
        for (int l = from; l < to; l++) {
            gradient[l] = slope * t[l] + 0.0;
        }
    }
}
