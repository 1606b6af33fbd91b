package org.lossservice.loss;

/** A running sum as an unevaluated sum of two doubles: what the rounding of an addition loses is added up beside it. */
final class DoubleDouble {

    private double high;
    private double low;

    double high() {
        return high;
    }

    double low() {
        return low;
    }

    /** The sum rounded to double. */
    double value() {
        return high + low;
    }

    void clear() {
        high = 0.0;
        low = 0.0;
    }

    /** Adds {@code termHigh + termLow}, of which the second is small beside the first. */
    void add(double termHigh, double termLow) {
        double sum = high + termHigh;
        double back = sum - high;
        low += (high - (sum - back)) + (termHigh - back) + termLow;
        high = sum;
    }
}
