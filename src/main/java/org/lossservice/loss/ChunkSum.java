package org.lossservice.loss;

import java.util.Arrays;

/** Adds up chunks of numbers, in an order that depends on their number alone. Not thread-safe. */
final class ChunkSum {

    private static final int LANES = 8;

    /** From so many numbers on, copying them costs less than adding them one by one. */
    private static final int WIDE = 32;

    private final double[] terms;
    private final double[] halves;
    private final double[] errors;

    ChunkSum(int longest) {
        terms = new double[longest];
        halves = new double[longest];
        errors = new double[longest];
    }

    /** Adds {@code a[i]} for i in [0, length) in plain additions. */
    void addPlainly(double[] a, int length, DoubleDouble sum) {
        sum.add(plainly(a, length), 0.0);
    }

    private static double plainly(double[] a, int length) {
        double s0 = 0.0;
        double s1 = 0.0;
        double s2 = 0.0;
        double s3 = 0.0;
        double s4 = 0.0;
        double s5 = 0.0;
        double s6 = 0.0;
        double s7 = 0.0;
        int i = 0;
        for (int end = length - LANES; i <= end; i += LANES) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
            s4 += a[i + 4];
            s5 += a[i + 5];
            s6 += a[i + 6];
            s7 += a[i + 7];
        }
        for (; i < length; i++) {
            s0 += a[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /**
     * Adds {@code a[i]} for i in [0, length), and the errors of all additions: the upper half is folded onto the lower, and
     * again, which unlike a running sum takes several numbers at a time.
     */
    void addExactly(double[] a, int length, DoubleDouble sum) {
        System.arraycopy(a, 0, terms, 0, length);
        Arrays.fill(errors, 0, length, 0.0);
        int left = length;
        while (left > 1) {
            int half = left / 2;
            left -= half;
            if (half >= WIDE) {
                // in an array of its own, or the compiler would have to fear that the halves overlap
                System.arraycopy(terms, left, halves, 0, half);
                fold(half);
            } else {
                foldInPlace(half, left);
            }
        }
        sum.add(terms[0], plainly(errors, length));
    }

    private void foldInPlace(int half, int upper) {
        for (int i = 0; i < half; i++) {
            double term = terms[upper + i];
            double folded = terms[i] + term;
            double back = folded - terms[i];
            errors[i] += (terms[i] - (folded - back)) + (term - back);
            terms[i] = folded;
        }
    }

    private void fold(int half) {
        for (int i = 0; i < half; i++) {
            double folded = terms[i] + halves[i];
            double back = folded - terms[i];
            errors[i] += (terms[i] - (folded - back)) + (halves[i] - back);
            terms[i] = folded;
        }
    }
}
