package org.lossservice.format;

import java.math.BigInteger;

/**
 * The powers of ten that a long holds, and those that doubles need, to 128 bits: 10^q is
 * {@code significand · 2^(floor(log2 10^q) - 127)}, where the significand is cut, not rounded, to 128 bits, the highest of which
 * is set.
 */
final class PowersOfTen {

    static final int MIN = -342;
    static final int MAX = 324;

    private static final long[] HIGH = new long[MAX - MIN + 1];
    private static final long[] LOW = new long[MAX - MIN + 1];
    private static final long[] WHOLE = new long[19];

    static {
        // the factors of two in 10^q = 5^q · 2^q only move the exponent
        BigInteger five = BigInteger.valueOf(5);
        BigInteger power = BigInteger.ONE;
        for (int q = 0; q <= Math.max(MAX, -MIN); q++) {
            int bits = power.bitLength();
            if (q <= MAX) {
                put(q, power.shiftLeft(128).shiftRight(bits));
            }
            if (q > 0 && q <= -MIN) {
                put(-q, BigInteger.ONE.shiftLeft(127 + bits).divide(power));
            }
            power = power.multiply(five);
        }
        long whole = 1;
        for (int q = 0; q < WHOLE.length; q++) {
            WHOLE[q] = whole;
            whole *= 10;
        }
    }

    private PowersOfTen() {}

    private static void put(int exponent, BigInteger significand) {
        HIGH[exponent - MIN] = significand.shiftRight(64).longValue();
        LOW[exponent - MIN] = significand.longValue();
    }

    /** The upper 64 bits of the significand of 10^exponent, unsigned. */
    static long high(int exponent) {
        return HIGH[exponent - MIN];
    }

    /** The lower 64 bits of the significand of 10^exponent, unsigned. */
    static long low(int exponent) {
        return LOW[exponent - MIN];
    }

    /** The largest e with 2^e ≤ 10^exponent. */
    static int log2(int exponent) {
        return (exponent * 217_706) >> 16;
    }

    /** The largest e with 10^e ≤ 2^exponent. */
    static int log10(int exponent) {
        return (exponent * 1_262_611) >> 22;
    }

    /** 10^exponent, for exponents from 0 to 18. */
    static long whole(int exponent) {
        return WHOLE[exponent];
    }
}
