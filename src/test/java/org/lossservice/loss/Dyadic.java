package org.lossservice.loss;

import java.math.BigInteger;

/**
 * The exact number {@code units · 2^exponent}. Every finite double is one, and so is every sum, product and power of them;
 * only a division leaves them, and the oracle divides last.
 */
record Dyadic(BigInteger units, int exponent) {

    static final Dyadic ZERO = new Dyadic(BigInteger.ZERO, 0);
    static final Dyadic ONE = of(1);

    /** Odd units or zero, so that numbers stay short. */
    Dyadic {
        int zeros = units.signum() == 0 ? 0 : units.getLowestSetBit();
        units = units.shiftRight(zeros);
        exponent = units.signum() == 0 ? 0 : exponent + zeros;
    }

    static Dyadic of(double value) {
        if (value == 0) {
            return ZERO;
        }
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >> 52) & 0x7ff;
        long fraction = bits & ((1L << 52) - 1);
        long units = biased == 0 ? fraction : fraction | (1L << 52);
        return new Dyadic(BigInteger.valueOf(bits < 0 ? -units : units), Math.max(biased, 1) - 1075);
    }

    static Dyadic of(Scaled number) {
        Dyadic mantissa = of(number.high()).plus(of(number.low()));
        return mantissa.times(new Dyadic(BigInteger.ONE, (int) number.exponent()));
    }

    Dyadic plus(Dyadic other) {
        if (units.signum() == 0) {
            return other;
        }
        if (other.units.signum() == 0) {
            return this;
        }
        int lowest = Math.min(exponent, other.exponent);
        return new Dyadic(
                units.shiftLeft(exponent - lowest).add(other.units.shiftLeft(other.exponent - lowest)), lowest);
    }

    Dyadic minus(Dyadic other) {
        return plus(other.times(of(-1)));
    }

    Dyadic times(Dyadic other) {
        return new Dyadic(units.multiply(other.units), exponent + other.exponent);
    }

    Dyadic power(int p) {
        return new Dyadic(units.pow(p), exponent * p);
    }

    Dyadic abs() {
        return new Dyadic(units.abs(), exponent);
    }

    int signum() {
        return units.signum();
    }

    boolean isAtMost(Dyadic other) {
        return minus(other).signum() <= 0;
    }

    /** The largest e with 2^e ≤ |this / divisor|; this is not zero. */
    int exponentOfQuotient(int divisor) {
        BigInteger whole = BigInteger.valueOf(divisor);
        int shift = Math.max(0, whole.bitLength() + 2 - units.bitLength());
        return units.abs().shiftLeft(shift).divide(whole).bitLength() - 1 - shift + exponent;
    }
}
