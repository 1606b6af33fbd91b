package org.lossservice.loss;

import org.jspecify.annotations.Nullable;

/**
 * {@link Scaled} numbers side by side, none of them negative, which are multiplied in loops that C2 turns into vector
 * instructions: a large power of every element of a row costs some 1.5 nanoseconds for each of its binary digits.
 *
 * <p>A number is {@code (high + low) · 2^exponent}, with high in [1, 2) but for its rounding, or 0. Relative errors are as
 * those of {@link Scaled}.
 */
final class ScaledArray {

    /** From here on a cube, which costs two multiplications, saves as many. */
    private static final int CUBED_FROM = 64;

    private final double[] high;
    private final double[] low;
    /** Integers: 2^31 · 1074 is far from the limits of what a double counts. */
    private final double[] exponent;

    private @Nullable ScaledArray cube;

    ScaledArray(int length) {
        high = new double[length];
        low = new double[length];
        exponent = new double[length];
    }

    void set(int index, Scaled number) {
        high[index] = number.high();
        low[index] = number.low();
        exponent[index] = number.exponent();
    }

    void get(int index, Scaled number) {
        number.set(high[index], low[index], (long) exponent[index]);
    }

    private void set(ScaledArray other, int length) {
        System.arraycopy(other.high, 0, high, 0, length);
        System.arraycopy(other.low, 0, low, 0, length);
        System.arraycopy(other.exponent, 0, exponent, 0, length);
    }

    /**
     * Sets the front to the powers of that of {@code base}, by repeated multiplication; {@code power} is at least 1. Where it is
     * large, two binary digits 1 cost one multiplication by the cube.
     */
    void setPower(ScaledArray base, int length, int power) {
        ScaledArray cube = power < CUBED_FROM ? null : base.cube(length);
        set(base, length);
        int bit = Integer.highestOneBit(power) >> 1;
        while (bit > 0) {
            multiply(this, length);
            boolean one = (power & bit) != 0;
            bit >>= 1;
            if (one && cube != null && (power & bit) != 0) {
                multiply(this, length);
                multiply(cube, length);
                bit >>= 1;
            } else if (one) {
                multiply(base, length);
            }
        }
    }

    private ScaledArray cube(int length) {
        if (cube == null) {
            cube = new ScaledArray(high.length);
        }
        cube.set(this, length);
        cube.multiply(cube, length);
        cube.multiply(this, length);
        return cube;
    }

    /** Multiplies the front by that of {@code other}, element by element. */
    void multiply(ScaledArray other, int length) {
        multiply(high, low, exponent, other.high, other.low, other.exponent, length);
    }

    private static void multiply(
            double[] a, double[] aLow, double[] aExponent, double[] b, double[] bLow, double[] bExponent, int length) {
        for (int l = 0; l < length; l++) {
            double product = a[l] * b[l];
            double tail = Math.fma(a[l], b[l], -product) + (a[l] * bLow[l] + aLow[l] * b[l]);
            double sum = product + tail;
            double rest = tail - (sum - product);
            // a product below 4 comes to be one below 2
            double carry = Math.floor(0.5 * sum);
            double factor = 1 - 0.5 * carry;
            a[l] = sum * factor;
            aLow[l] = rest * factor;
            aExponent[l] += bExponent[l] + carry;
        }
    }

    /** Adds a run to a sum. */
    void addTo(Scaled sum, int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int l = from; l < to; l++) {
            if (high[l] != 0) {
                largest = Math.max(largest, exponent[l]);
            }
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return;
        }
        double total = 0;
        double lost = 0;
        for (int l = from; l < to; l++) {
            double difference = exponent[l] - largest;
            if (high[l] == 0 || difference < -Scaled.NEGLIGIBLE) {
                continue;
            }
            double factor = Scaled.power((long) difference);
            double next = total + high[l] * factor;
            lost += low[l] * factor + ExactRow.twoSumError(total, high[l] * factor, next);
            total = next;
        }
        Scaled part = new Scaled().setSum(total, lost);
        sum.add(part.set(part.high(), part.low(), part.exponent() + (long) largest));
    }
}
