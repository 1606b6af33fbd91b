package org.lossservice.loss;

/**
 * A mutable number of some 106 bits with an exponent of its own, {@code (high + low) · 2^exponent}: whatever the kernel
 * multiplies or adds, nothing overflows or underflows before the result is rounded. NaN and infinities follow IEEE 754.
 *
 * <p>Where it is finite and not zero, 1 ≤ |high| &lt; 2 and |low| ≤ ulp(high)/2. Every operation has a relative error below
 * 2^-100, a power by n one below n · 2^-100; that of {@link #add} is relative to the magnitudes of the two terms.
 */
final class Scaled {

    /** Terms whose exponents differ by more than this are too small to be seen in a sum. */
    static final int NEGLIGIBLE = 300;

    private static final long EXPONENT_BITS = 0x7ff0_0000_0000_0000L;
    private static final long ONE_BITS = 0x3ff0_0000_0000_0000L;

    private double high;
    private double low;
    private long exponent;

    double high() {
        return high;
    }

    double low() {
        return low;
    }

    long exponent() {
        return exponent;
    }

    boolean isZero() {
        return high == 0;
    }

    Scaled set(double value) {
        low = 0;
        if (value == 0 || !Double.isFinite(value)) {
            high = value + 0.0;
            exponent = 0;
            return this;
        }
        // 2^54 makes a normal number of every subnormal one.
        boolean subnormal = Math.abs(value) < Double.MIN_NORMAL;
        double normal = subnormal ? value * 0x1p54 : value;
        exponent = (long) Math.getExponent(normal) - (subnormal ? 54 : 0);
        high = Double.longBitsToDouble((Double.doubleToRawLongBits(normal) & ~EXPONENT_BITS) | ONE_BITS);
        return this;
    }

    Scaled set(Scaled other) {
        return set(other.high, other.low, other.exponent);
    }

    /** Takes over what {@link #high}, {@link #low} and {@link #exponent} gave. */
    Scaled set(double newHigh, double newLow, long newExponent) {
        high = newHigh;
        low = newLow;
        exponent = newExponent;
        return this;
    }

    /** Sets to the sum of two numbers, below 2^1023, where {@code head} is 0 or not less in exponent than {@code tail}. */
    Scaled setSum(double head, double tail) {
        double sum = head + tail;
        double rest = tail - (sum - head);
        set(sum);
        if (rest != 0) {
            low = rest * power(-exponent);
        }
        return this;
    }

    Scaled negate() {
        high = 0.0 - high;
        low = -low;
        return this;
    }

    Scaled multiply(Scaled other) {
        double product = high * other.high;
        if (product == 0 || !Double.isFinite(product)) {
            return set(product);
        }
        double error = Math.fma(high, other.high, -product);
        exponent += other.exponent;
        normalise(product, error + (high * other.low + low * other.high));
        return this;
    }

    /** Divides by a number that is exact and not 0. */
    Scaled divide(double divisor) {
        if (high == 0 || !Double.isFinite(high)) {
            return this;
        }
        double quotient = high / divisor;
        double remainder = Math.fma(-quotient, divisor, high);
        normalise(quotient, (remainder + low) / divisor);
        return this;
    }

    /** Raises to a power of at least 0 by repeated multiplication; anything to the power 0 is 1. */
    Scaled raise(int power) {
        Scaled base = new Scaled().set(this);
        set(1.0);
        for (int rest = power; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                multiply(base);
            }
            base.multiply(base);
        }
        return this;
    }

    Scaled add(Scaled other) {
        if (!Double.isFinite(high) || !Double.isFinite(other.high)) {
            return set(finiteAsZero(high) + finiteAsZero(other.high));
        }
        if (other.high == 0) {
            return this;
        }
        if (high == 0) {
            return set(other);
        }
        long difference = other.exponent - exponent;
        if (difference > NEGLIGIBLE) {
            return set(other);
        }
        if (difference >= -NEGLIGIBLE) {
            // The smaller is shifted to the exponent of the larger.
            double down = power(-Math.abs(difference));
            exponent = Math.max(exponent, other.exponent);
            addMantissas(
                    difference > 0 ? high * down : high,
                    difference > 0 ? low * down : low,
                    difference > 0 ? other.high : other.high * down,
                    difference > 0 ? other.low : other.low * down);
        }
        return this;
    }

    private void addMantissas(double a, double aLow, double b, double bLow) {
        double sum = a + b;
        double bPart = sum - a;
        double error = (a - (sum - bPart)) + (b - bPart);
        normalise(sum, error + (aLow + bLow));
    }

    private static double finiteAsZero(double value) {
        return Double.isFinite(value) ? 0 : value;
    }

    /** Makes {@code head + tail} the mantissa, where |tail| is small against |head| or head is 0. */
    private void normalise(double head, double tail) {
        double sum = head + tail;
        double rest = tail - (sum - head);
        if (sum == 0) {
            set(0.0);
            return;
        }
        int shift = Math.getExponent(sum);
        if (shift != 0) {
            double factor = power(-shift);
            sum *= factor;
            rest *= factor;
            exponent += shift;
        }
        high = sum;
        low = rest;
    }

    /** 2^n, where that is a normal number. */
    static double power(long n) {
        return Double.longBitsToDouble((n + Double.MAX_EXPONENT) << 52);
    }

    /** The nearest double, or one of the two nearest; an infinity where it is too large; never -0.0. */
    double toDouble() {
        return Math.scalb(high, Math.clamp(exponent, -3000, 3000)) + 0.0;
    }

    /** What {@link #toDouble} leaves, where the number is far from the limits of double. */
    double toLow() {
        return low == 0 ? 0 : Math.scalb(low, Math.clamp(exponent, -3000, 3000));
    }
}
