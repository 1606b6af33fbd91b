package org.lossservice.loss;

import java.util.Arrays;

/**
 * Sums of the front of an array, in an order that follows from its length alone: quarters, or halves where what is lost is
 * kept, are added to each other until few numbers are left. The distances are constants once the loops are inlined, without
 * which C2 makes no vector instructions of them; what is missing to {@value #SMALL} or {@value #LARGE} numbers is filled up
 * with zeros. Longer blocks were slower: their arrays leave little room in the first cache. For one thread.
 */
final class Sums {

    /** The longest sum. */
    static final int LARGE = 512;

    private static final int SMALL = 128;
    private static final int TAIL = 32;

    private final double[] high = new double[LARGE / 2];
    private final double[] low = new double[LARGE / 2];
    private double lost;

    /** How long an array must be whose sums are of up to {@code length} numbers. */
    static int padded(int length) {
        return length <= TAIL ? length : length <= SMALL ? SMALL : LARGE;
    }

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
            quarters(x, high, 32);
        } else {
            Arrays.fill(x, length, LARGE, 0.0);
            quarters(x, high, 128);
            quarters(high, high, 32);
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

    private static void quarters(double[] x, double[] to, int quarter) {
        for (int l = 0; l < quarter; l++) {
            to[l] = (x[l] + x[l + quarter]) + (x[l + 2 * quarter] + x[l + 3 * quarter]);
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
            halves(x, high, low, 64);
        } else {
            Arrays.fill(x, length, LARGE, 0.0);
            if (rough) {
                halvesRoughly(x, high, 256);
                halves(high, high, low, 128);
            } else {
                halves(x, high, low, 256);
                halves(high, low, 128);
            }
            halves(high, low, 64);
        }
        halves(high, low, 32);
        halves(high, low, 16);
        double sum = compensatedTail(high, 0, 16);
        lost += plainTail(low, 0, 16);
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

    private static void halvesRoughly(double[] x, double[] high, int half) {
        for (int l = 0; l < half; l++) {
            high[l] = x[l] + x[l + half];
        }
    }

    /** Adds the halves of x; what that loses goes to low. */
    private static void halves(double[] x, double[] high, double[] low, int half) {
        for (int l = 0; l < half; l++) {
            double sum = x[l] + x[l + half];
            low[l] = ExactRow.twoSumError(x[l], x[l + half], sum);
            high[l] = sum;
        }
    }

    /** Adds the halves of the numbers {@code high + low}. */
    private static void halves(double[] high, double[] low, int half) {
        for (int l = 0; l < half; l++) {
            double sum = high[l] + high[l + half];
            low[l] = (low[l] + low[l + half]) + ExactRow.twoSumError(high[l], high[l + half], sum);
            high[l] = sum;
        }
    }
}
