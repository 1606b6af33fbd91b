package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of {@link Scaled} numbers, none of them negative. So that hostile numbers cost little more than others,
 * there are no branches on them but for what seldom happens, and most loops are of a form that C2 turns into vector
 * instructions.
 *
 * <p>A number is {@code (high + low) · 2^exponent}, with high in [1, 2) but for its rounding, or 0, whose exponent says nothing.
 * Relative errors are below 2^-100, those of powers as in {@link #setPower}.
 */
final class ScaledArray {

    /** After how many squarings numbers are normalised; they are below 2^511 then. */
    static final int SQUARINGS = 8;

    /**
     * Stands for all smaller exponents of results. Half of it is that of {@link Scaled#power}'s 0: what is too small is
     * multiplied by 0, and does not underflow, which may be slow.
     */
    private static final int SMALLEST_EXPONENT = -2046;
    /** Stands for all larger exponents of results: they are infinite. */
    private static final int LARGEST_EXPONENT = 1030;

    private final double[] high;
    private final double[] low;
    private final long[] exponent;

    ScaledArray(int length) {
        high = new double[length];
        low = new double[length];
        exponent = new long[length];
    }

    double high(int index) {
        return high[index];
    }

    void set(int index, Scaled number) {
        high[index] = number.high();
        low[index] = number.low();
        exponent[index] = number.exponent();
    }

    /**
     * Sets a run to u = max(0, side · z) of scores, and another to z; see {@link ExactRow}. Neither is normalised; what is not
     * below 2^1022 may be infinite or NaN.
     */
    void setHinge(double[] scores, int from, int to, double base, double baseError, double side, double[] z) {
        for (int l = from; l < to; l++) {
            double score = scores[l];
            double sum = base + score;
            double tail = ExactRow.twoSumError(base, score, sum) + baseError;
            double shifted = sum + tail;
            z[l] = side * shifted;
            low[l] = side * (tail - (shifted - sum));
        }
        for (int l = from; l < to; l++) {
            high[l] = 0.5 * (z[l] + Math.abs(z[l]));
            low[l] *= Math.signum(z[l] + Math.abs(z[l]));
        }
        Arrays.fill(exponent, from, to, 0);
    }

    /** Sets a run to 1 where z is above 0, or is 0 and that is active, too; else to 0. */
    void setActive(double[] z, int from, int to, boolean activeAtKink) {
        for (int l = from; l < to; l++) {
            high[l] = Math.signum(z[l] + Math.abs(z[l]));
        }
        if (activeAtKink) {
            for (int l = from; l < to; l++) {
                high[l] = 1.0 + Math.min(0.0, Math.signum(z[l]));
            }
        }
        Arrays.fill(low, from, to, 0.0);
        Arrays.fill(exponent, from, to, 0);
    }

    /**
     * Gives numbers, none of them subnormal and all below 2^1023, the form that they are to have.
     *
     * @param squarings how many times they have been squared, and their exponents not yet doubled
     */
    void normalise(int from, int to, int squarings) {
        for (int l = from; l < to; l++) {
            double sum = high[l] + low[l];
            double rest = low[l] - (sum - high[l]);
            // 0 is multiplied by 2^1023 and stays 0: a branch would often be mispredicted
            long shift = (Double.doubleToRawLongBits(sum) >>> 52) - Double.MAX_EXPONENT;
            double factor = Scaled.power(-shift);
            high[l] = sum * factor;
            low[l] = rest * factor;
            exponent[l] = (exponent[l] << squarings) + shift;
        }
    }

    /**
     * Sets the front to the powers of that of {@code base}, by repeated multiplication; {@code power} is at least 1. In the last of
     * its binary digits products may be rounded to double, which is faster: what one loses while d digits are still to come is lost
     * 2^d times over. Relative errors are then below 2 · power · 2^-53 and 4 · 2^(roundedDigits - 53), otherwise below power · 2^-92.
     *
     * @param roundedDigits in how many of the last binary digits products are rounded, a multiple of {@value #SQUARINGS}
     */
    void setPower(ScaledArray base, int length, int power, int roundedDigits) {
        setMantissas(base, length);
        int digits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(power);
        while (digits > 0) {
            int left = (digits - 1) / SQUARINGS * SQUARINGS;
            boolean rounded = digits <= roundedDigits;
            if (rounded) {
                Arrays.fill(low, 0, length, 0.0);
            }
            for (int digit = digits - 1; digit >= left; digit--) {
                ScaledArray factor = (power >> digit & 1) == 1 ? base : null;
                if (rounded) {
                    squareRounded(factor, length);
                } else {
                    square(factor, length);
                }
            }
            normalise(0, length, digits - left);
            digits = left;
        }
        for (int l = 0; l < length; l++) {
            exponent[l] += power * base.exponent[l];
        }
    }

    private void setMantissas(ScaledArray other, int length) {
        System.arraycopy(other.high, 0, high, 0, length);
        System.arraycopy(other.low, 0, low, 0, length);
        Arrays.fill(exponent, 0, length, 0);
    }

    /** Squares the mantissas, and multiplies them by a factor's, if there is one. */
    private void square(@Nullable ScaledArray factor, int length) {
        square(high, low, length);
        if (factor != null) {
            multiply(high, low, factor.high, factor.low, length);
        }
    }

    /** As {@link #square}, of the high parts alone. */
    private void squareRounded(@Nullable ScaledArray factor, int length) {
        if (factor == null) {
            Loops.product(high, high, high, length);
        } else {
            multiplySquare(high, factor.high, length);
        }
    }

    private static void square(double[] a, double[] aLow, int length) {
        for (int l = 0; l < length; l++) {
            double square = a[l] * a[l];
            aLow[l] = Math.fma(a[l] + a[l], aLow[l], Math.fma(a[l], a[l], -square));
            a[l] = square;
        }
    }

    private static void multiply(double[] a, double[] aLow, double[] b, double[] bLow, int length) {
        for (int l = 0; l < length; l++) {
            double product = a[l] * b[l];
            aLow[l] = Math.fma(a[l], b[l], -product) + Math.fma(a[l], bLow[l], aLow[l] * b[l]);
            a[l] = product;
        }
    }

    private static void multiplySquare(double[] a, double[] factor, int length) {
        for (int l = 0; l < length; l++) {
            a[l] = (a[l] * a[l]) * factor[l];
        }
    }

    /** Multiplies the front by that of {@code other}, element by element. */
    void multiply(ScaledArray other, int length) {
        multiply(high, low, other.high, other.low, length);
        for (int l = 0; l < length; l++) {
            exponent[l] += other.exponent[l];
        }
        normalise(0, length, 0);
    }

    /** Adds a run to a sum. */
    void addTo(Scaled sum, int from, int to) {
        long largest = Long.MIN_VALUE;
        for (int l = from; l < to; l++) {
            if (exponent[l] > largest && high[l] != 0) {
                largest = exponent[l];
            }
        }
        if (largest == Long.MIN_VALUE) {
            return;
        }
        double total = 0;
        double lost = 0;
        for (int l = from; l < to; l++) {
            // What is smaller yet makes no difference.
            double factor = Scaled.power(Math.clamp(exponent[l] - largest, -2 * Scaled.NEGLIGIBLE, 0));
            double term = high[l] * factor;
            double next = total + term;
            lost += low[l] * factor + ExactRow.twoSumError(total, term, next);
            total = next;
        }
        Scaled part = new Scaled().setSum(total, lost);
        sum.add(part.set(part.high(), part.low(), part.exponent() + largest));
    }

    /** Writes the products of a run with a factor, each rounded to double; by the rules of IEEE 754, and never -0.0. */
    void multiplyTo(double[] products, int from, int to, Scaled factor) {
        double factorHigh = factor.high();
        double factorLow = factor.low();
        for (int l = from; l < to; l++) {
            double product = high[l] * factorHigh;
            double tail = Math.fma(high[l], factorHigh, -product) + (high[l] * factorLow + low[l] * factorHigh);
            // The tail is NaN where the product is NaN or infinite, which is not scaled: infinity times 0 would be NaN.
            boolean finite = !Double.isNaN(tail);
            double sum = finite ? product + tail : product;
            long power = finite ? Math.clamp(exponent[l] + factor.exponent(), SMALLEST_EXPONENT, LARGEST_EXPONENT) : 0;
            // In two steps, because 2^power may not be a normal number. The first is exact, so there is one rounding.
            long half = power >> 1;
            products[l] = sum * Scaled.power(half) * Scaled.power(power - half) + 0.0;
        }
    }
}
