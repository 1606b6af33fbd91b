package org.lossservice.loss;

/**
 * A real number as an unevaluated sum of two doubles times a power of two, {@code (hi + lo) · 2^exponent}: about 102 bits,
 * and an exponent that nothing here can exceed. Each operation errs by less than 2^-100 of its result (a sum: of the
 * magnitudes of its terms). Slow and plainly right; mutable, so that a row needs no garbage.
 *
 * <p>The algorithms are those of T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
 */
final class Scaled {

    /** Terms smaller than the other by this power of two cannot be seen in a sum. */
    private static final int NEGLIGIBLE = 1000;

    private double hi;
    private double lo;
    private long exponent;

    Scaled() {}

    Scaled(double value) {
        set(value);
    }

    /** Becomes {@code value}, exactly. */
    Scaled set(double value) {
        return set(value, 0.0, 0);
    }

    Scaled set(Scaled other) {
        hi = other.hi;
        lo = other.lo;
        exponent = other.exponent;
        return this;
    }

    /** Becomes {@code (high + low) · 2^scale}, where {@code high} is that sum rounded. */
    Scaled set(double high, double low, long scale) {
        hi = high;
        lo = low;
        exponent = scale;
        normalise();
        return this;
    }

    /** The sign of the number: -1, 0 or 1. */
    int signum() {
        return (int) Math.signum(hi);
    }

    boolean isZero() {
        return hi == 0;
    }

    Scaled negate() {
        hi = 0.0 - hi;
        lo = 0.0 - lo;
        return this;
    }

    Scaled absolute() {
        return hi < 0 ? negate() : this;
    }

    Scaled multiply(Scaled factor) {
        double product = hi * factor.hi;
        double error = Math.fma(hi, factor.hi, -product);
        return carry(product, error + (hi * factor.lo + lo * factor.hi), exponent + factor.exponent);
    }

    Scaled multiply(double factor) {
        return multiply(new Scaled(factor));
    }

    /** Divides by a number other than zero. */
    Scaled divide(double divisor) {
        double quotient = hi / divisor;
        double remainder = Math.fma(-quotient, divisor, hi) + lo;
        return carry(quotient, remainder / divisor, exponent);
    }

    Scaled add(Scaled term) {
        if (term.hi == 0 || (exponent - term.exponent > NEGLIGIBLE && hi != 0)) {
            return this;
        }
        if (hi == 0 || term.exponent - exponent > NEGLIGIBLE) {
            return set(term);
        }
        double ours = 1.0;
        double theirs = 1.0;
        if (exponent >= term.exponent) {
            theirs = powerOfTwo(term.exponent - exponent);
        } else {
            ours = powerOfTwo(exponent - term.exponent);
            exponent = term.exponent;
        }
        double a = hi * ours;
        double b = term.hi * theirs;
        double sum = a + b;
        double back = sum - a;
        double error = (a - (sum - back)) + (b - back);
        return carry(sum, error + (lo * ours + term.lo * theirs), exponent);
    }

    /** Becomes {@code base} to the power of {@code n}, at least 0. */
    Scaled power(Scaled base, int n, Scaled scratch) {
        scratch.set(base);
        set(1.0);
        for (int bits = n; bits != 0; bits >>>= 1) {
            if ((bits & 1) != 0) {
                multiply(scratch);
            }
            if (bits > 1) {
                scratch.multiply(scratch);
            }
        }
        return this;
    }

    /**
     * Becomes the real number {@code a + b + c} of three finite doubles; its sign is exact, and so are small integers of
     * their units in the last place.
     */
    Scaled sum(double a, double b, double c) {
        double x = a;
        double y = b;
        double z = c;
        if (Math.abs(x) < Math.abs(y)) {
            x = b;
            y = a;
        }
        if (Math.abs(y) < Math.abs(z)) {
            double smaller = y;
            y = z;
            z = smaller;
        }
        if (Math.abs(x) < Math.abs(y)) {
            double smaller = x;
            x = y;
            y = smaller;
        }
        // |x| >= |y| >= |z|. Where x and y differ in sign, nothing below can overflow. Where they do not, z cannot
        // cancel
        // them, so that scaling down loses nothing that could be seen.
        long scale = 0;
        if (Math.abs(x) > 0x1p1000 && Math.signum(x) == Math.signum(y)) {
            x *= 0x1p-4;
            y *= 0x1p-4;
            z *= 0x1p-4;
            scale = 4;
        }
        double pair = x + y;
        double pairError = y - (pair - x);
        double sum = pair + z;
        double back = sum - pair;
        double sumError = (pair - (sum - back)) + (z - back);
        return carry(sum, sumError + pairError, scale);
    }

    /** The number rounded to double; ±Infinity where it is too large. */
    double toDouble() {
        if (hi == 0 || exponent < -1200) {
            return 0.0;
        }
        return exponent > 1200 ? hi * Double.POSITIVE_INFINITY : Math.scalb(hi + lo, (int) exponent);
    }

    /** The part of the number that {@link #toDouble} leaves; 0 where it is too small for a double. */
    double low() {
        return hi == 0 || exponent < -900 || exponent > 1000 ? 0.0 : Math.scalb(lo, (int) exponent);
    }

    /** Becomes the sum of {@code high} and a {@code low} that is small beside it. */
    private Scaled carry(double high, double low, long scale) {
        double sum = high + low;
        return set(sum, low - (sum - high), scale);
    }

    /** Brings hi into [1, 2). */
    private void normalise() {
        if (hi == 0) {
            lo = 0.0;
            exponent = 0;
            return;
        }
        int e = Math.getExponent(hi);
        if (e == 0) {
            return;
        }
        if (Math.abs(e) >= 1000) {
            // too far for one exact factor, or subnormal
            double factor = e > 0 ? 0x1p-600 : 0x1p600;
            hi *= factor;
            lo *= factor;
            exponent += e > 0 ? 600 : -600;
            e = Math.getExponent(hi);
        }
        double factor = powerOfTwo(-e);
        hi *= factor;
        lo *= factor;
        exponent += e;
    }

    /** 2^n for |n| up to {@value #NEGLIGIBLE}. */
    private static double powerOfTwo(long n) {
        return Double.longBitsToDouble((n + Double.MAX_EXPONENT) << 52);
    }
}
