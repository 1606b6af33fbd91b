package org.lossservice.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of {@link Scaled} numbers, none of them negative. So that hostile numbers cost little more than others,
 * there are no branches on them but for what seldom happens, and most loops are of a form that C2 turns into vector
 * instructions.
 *
 * <p>A number is {@code (high + low) · 2^exponent}, with high in [1, 2) but for its rounding, or 0, whose exponent says nothing.
 * Relative errors are below 2^-100, those of powers below 2^-60.
 */
final class ScaledArray {

    /** From this power on the cube of the base, which costs two multiplications, saves as many. */
    private static final int CUBED_FROM = 64;

    /** After how many squarings numbers are normalised; even after one more they are below 2^1023. */
    private static final int SQUARINGS = 8;

    private static final long MANTISSA_BITS = 0x000f_ffff_ffff_ffffL;
    private static final long ONE_BITS = 0x3ff0_0000_0000_0000L;

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

    private @Nullable ScaledArray cube;

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
            long bits = Double.doubleToRawLongBits(sum);
            // The bits of 1, or none for 0, which stays 0: a branch would often be mispredicted.
            long one = (-bits >> 63) & ONE_BITS;
            long shift = (bits >>> 52) - Double.MAX_EXPONENT;
            high[l] = Double.longBitsToDouble((bits & MANTISSA_BITS) | one);
            low[l] = rest * Scaled.power(-shift);
            exponent[l] = (exponent[l] << squarings) + shift;
        }
    }

    /**
     * Sets the front to the powers of that of {@code base}, by repeated multiplication; {@code power} is at least 1. Where it is
     * large, two binary digits 1 cost one multiplication by the cube.
     */
    void setPower(ScaledArray base, int length, int power) {
        ScaledArray cube = power < CUBED_FROM ? null : base.cube(length);
        setMantissas(base, length);
        int squarings = 0;
        int bit = Integer.highestOneBit(power) >> 1;
        while (bit > 0) {
            square(length);
            squarings++;
            boolean one = (power & bit) != 0;
            bit >>= 1;
            if (one && cube != null && (power & bit) != 0) {
                square(length);
                squarings++;
                multiplyMantissas(cube, length);
                bit >>= 1;
            } else if (one) {
                multiplyMantissas(base, length);
            }
            if (squarings >= SQUARINGS) {
                normalise(0, length, squarings);
                squarings = 0;
            }
        }
        normalise(0, length, squarings);
        for (int l = 0; l < length; l++) {
            exponent[l] += power * base.exponent[l];
        }
    }

    private ScaledArray cube(int length) {
        if (cube == null) {
            cube = new ScaledArray(high.length);
        }
        cube.setMantissas(this, length);
        cube.square(length);
        cube.multiplyMantissas(this, length);
        return cube;
    }

    private void setMantissas(ScaledArray other, int length) {
        System.arraycopy(other.high, 0, high, 0, length);
        System.arraycopy(other.low, 0, low, 0, length);
        Arrays.fill(exponent, 0, length, 0);
    }

    private void square(int length) {
        square(high, low, length);
    }

    private static void square(double[] a, double[] aLow, int length) {
        for (int l = 0; l < length; l++) {
            double square = a[l] * a[l];
            aLow[l] = Math.fma(a[l] + a[l], aLow[l], Math.fma(a[l], a[l], -square));
            a[l] = square;
        }
    }

    private void multiplyMantissas(ScaledArray other, int length) {
        multiply(high, low, other.high, other.low, length);
    }

    private static void multiply(double[] a, double[] aLow, double[] b, double[] bLow, int length) {
        for (int l = 0; l < length; l++) {
            double product = a[l] * b[l];
            aLow[l] = Math.fma(a[l], b[l], -product) + Math.fma(a[l], bLow[l], aLow[l] * b[l]);
            a[l] = product;
        }
    }

    /** Multiplies the front by that of {@code other}, element by element. */
    void multiply(ScaledArray other, int length) {
        multiplyMantissas(other, length);
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
