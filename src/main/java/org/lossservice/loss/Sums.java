package org.lossservice.loss;

import java.util.Arrays;

/**
 * Sums of the front of an array, in an order that follows from its length alone: quarters are added to each other until 32
 * numbers are left. The distances are constants, without which C2 makes no vector instructions of these loops; what is
 * missing to {@value #SMALL} or {@value #LARGE} numbers is filled up with zeros. For one thread.
 */
final class Sums {

    /** The longest sum. */
    static final int LARGE = 512;

    private static final int SMALL = 128;
    private static final int TAIL = 32;

    private final double[] high = new double[SMALL];
    private final double[] low = new double[SMALL];
    private double lost;

    /** What the last compensated sum is to be increased by. */
    double lost() {
        return lost;
    }

    /**
     * A sum whose relative error is below 16 · 2^-53 where all terms have one sign: nothing that float32 could see.
     *
     * @param x as long as the next larger of 32, 128 and 512; zeros are written from {@code length} on
     */
    double plain(double[] x, int length) {
        if (length <= TAIL) {
            return plainTail(x, 0, length);
        }
        if (length <= SMALL) {
            Arrays.fill(x, length, SMALL, 0.0);
            quartersOfSmall(x, high);
        } else {
            Arrays.fill(x, length, LARGE, 0.0);
            quartersOfLarge(x, high);
            quartersOfSmall(high, high);
        }
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int l = 0; l < TAIL; l += 4) {
            a += high[l];
            b += high[l + 1];
            c += high[l + 2];
            d += high[l + 3];
        }
        return (a + b) + (c + d);
    }

    /** The sum of a short run, one by one; its relative error is below 32 · 2^-53. */
    static double plainTail(double[] x, int from, int to) {
        double sum = 0;
        for (int l = from; l < to; l++) {
            sum += x[l];
        }
        return sum;
    }

    private static void quartersOfLarge(double[] x, double[] to) {
        for (int l = 0; l < 128; l++) {
            to[l] = (x[l] + x[l + 128]) + (x[l + 256] + x[l + 384]);
        }
    }

    private static void quartersOfSmall(double[] x, double[] to) {
        for (int l = 0; l < 32; l++) {
            to[l] = (x[l] + x[l + 32]) + (x[l + 64] + x[l + 96]);
        }
    }

    /**
     * Sums what additions lose as well: with {@link #lost} the relative error is below 2^-96 where all terms have one sign,
     * but for the first additions of pairs: if these are rough, it is below 2^-53.
     *
     * @param x as for {@link #plain}
     */
    double compensated(double[] x, int length, boolean rough) {
        if (length <= TAIL) {
            return compensatedTail(x, 0, length);
        }
        if (length <= SMALL) {
            Arrays.fill(x, length, SMALL, 0.0);
            Arrays.fill(low, 0.0);
            quartersOfSmall(x, high, low);
        } else {
            Arrays.fill(x, length, LARGE, 0.0);
            if (rough) {
                quartersOfLargeRoughly(x, high, low);
            } else {
                quartersOfLarge(x, high, low);
            }
            quartersOfSmall(high, high, low);
        }
        double sum = compensatedTail(high, 0, TAIL);
        lost += plainTail(low, 0, TAIL);
        return sum;
    }

    /** The compensated sum of a short run, one by one. */
    double compensatedTail(double[] x, int from, int to) {
        double sum = 0;
        double error = 0;
        for (int l = from; l < to; l++) {
            double next = sum + x[l];
            error += ExactRow.twoSumError(sum, x[l], next);
            sum = next;
        }
        lost = error;
        return sum;
    }

    private static void quartersOfLarge(double[] x, double[] high, double[] low) {
        for (int l = 0; l < 128; l++) {
            double ab = x[l] + x[l + 128];
            double cd = x[l + 256] + x[l + 384];
            double sum = ab + cd;
            low[l] = ExactRow.twoSumError(x[l], x[l + 128], ab)
                    + ExactRow.twoSumError(x[l + 256], x[l + 384], cd)
                    + ExactRow.twoSumError(ab, cd, sum);
            high[l] = sum;
        }
    }

    private static void quartersOfLargeRoughly(double[] x, double[] high, double[] low) {
        for (int l = 0; l < 128; l++) {
            double ab = x[l] + x[l + 128];
            double cd = x[l + 256] + x[l + 384];
            double sum = ab + cd;
            low[l] = ExactRow.twoSumError(ab, cd, sum);
            high[l] = sum;
        }
    }

    private static void quartersOfSmall(double[] x, double[] high, double[] low) {
        for (int l = 0; l < 32; l++) {
            double ab = x[l] + x[l + 32];
            double cd = x[l + 64] + x[l + 96];
            double sum = ab + cd;
            low[l] = ((low[l] + low[l + 32]) + (low[l + 64] + low[l + 96]))
                    + (ExactRow.twoSumError(x[l], x[l + 32], ab)
                            + ExactRow.twoSumError(x[l + 64], x[l + 96], cd)
                            + ExactRow.twoSumError(ab, cd, sum));
            high[l] = sum;
        }
    }
}
