package org.lossservice.loss;

/**
 * A growing sum. Numbers far from the largest double are summed in two doubles, all others in a {@link Scaled}; the
 * relative error of a sum of n, against the sum of their magnitudes, is below n^2 · 2^-106.
 */
final class Total {

    private double high;
    private double low;
    private boolean plain = true;
    private final Scaled rest = new Scaled();

    void clear() {
        high = 0;
        low = 0;
        if (!plain) {
            plain = true;
            rest.set(0);
        }
    }

    /** Adds {@code termHigh + termLow}, whose magnitude is at most 2^1000. */
    void add(double termHigh, double termLow) {
        double sum = high + termHigh;
        double part = sum - high;
        low += termLow + ((high - (sum - part)) + (termHigh - part));
        high = sum;
    }

    /** Adds a term of any size. */
    void add(Scaled term) {
        plain = false;
        rest.add(term);
    }

    /** Whether {@link #high} and {@link #low} are all of the sum. */
    boolean isPlain() {
        return plain;
    }

    double high() {
        return high;
    }

    double low() {
        return low;
    }

    Scaled toScaled() {
        Scaled sum = new Scaled().setSum(high, low);
        return plain ? sum : sum.add(rest);
    }
}
