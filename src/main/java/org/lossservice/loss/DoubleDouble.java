package org.lossservice.loss;

/** A running sum as an unevaluated sum of two doubles: what the rounding of each addition loses is added up beside it. */
final class DoubleDouble {

    private static final int LANES = 4;

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

    void add(double termHigh, double termLow) {
        double sum = high + termHigh;
        double back = sum - high;
        low += (high - (sum - back)) + (termHigh - back) + termLow;
        high = sum;
    }

    /** Adds {@code a[i]·b[i]}, each product rounded, for i in [0, length), in plain additions. */
    void addPlainly(double[] a, double[] b, int length) {
        double s0 = 0.0;
        double s1 = 0.0;
        double s2 = 0.0;
        double s3 = 0.0;
        int i = 0;
        for (int end = length - LANES; i <= end; i += LANES) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < length; i++) {
            s0 += a[i] * b[i];
        }
        add((s0 + s1) + (s2 + s3), 0.0);
    }

    /** Adds {@code a[i]·b[i]}, each product rounded, for i in [0, length); the errors of the additions are added on. */
    void addExactly(double[] a, double[] b, int length) {
        double s0 = 0.0;
        double s1 = 0.0;
        double s2 = 0.0;
        double s3 = 0.0;
        double e0 = 0.0;
        double e1 = 0.0;
        double e2 = 0.0;
        double e3 = 0.0;
        int i = 0;
        for (int end = length - LANES; i <= end; i += LANES) {
            double t0 = a[i] * b[i];
            double n0 = s0 + t0;
            double b0 = n0 - s0;
            e0 += (s0 - (n0 - b0)) + (t0 - b0);
            s0 = n0;
            double t1 = a[i + 1] * b[i + 1];
            double n1 = s1 + t1;
            double b1 = n1 - s1;
            e1 += (s1 - (n1 - b1)) + (t1 - b1);
            s1 = n1;
            double t2 = a[i + 2] * b[i + 2];
            double n2 = s2 + t2;
            double b2 = n2 - s2;
            e2 += (s2 - (n2 - b2)) + (t2 - b2);
            s2 = n2;
            double t3 = a[i + 3] * b[i + 3];
            double n3 = s3 + t3;
            double b3 = n3 - s3;
            e3 += (s3 - (n3 - b3)) + (t3 - b3);
            s3 = n3;
        }
        for (; i < length; i++) {
            add(a[i] * b[i], 0.0);
        }
        add(s0, e0);
        add(s1, e1);
        add(s2, e2);
        add(s3, e3);
    }
}
