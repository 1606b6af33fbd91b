package org.lossservice.loss;

/**
 * Sums of runs of an array, by folding the far part over the near one until {@value #REST} numbers are left: a fixed order,
 * whatever the length of the machine's vectors. The runs are used up.
 */
final class Sums {

    /** The longest run. */
    static final int LONGEST = 512;

    private static final int REST = 16;

    private Sums() {}

    /** A sum whose relative error is below 20 · 2^-53 where all terms have one sign: nothing that float32 could see. */
    static double plain(double[] x, int from, int length) {
        int left = length;
        for (int half = LONGEST / 2; half >= REST; half >>= 1) {
            if (left > half) {
                fold(x, from, from + left - half, half);
                left = half;
            }
        }
        double sum = 0;
        for (int l = from; l < from + left; l++) {
            sum += x[l];
        }
        return sum;
    }

    /**
     * Sums what every addition loses as well: with {@code low[from]}, which is set to be added to it, the sum's relative
     * error is below 2^-96 where all terms have one sign.
     *
     * @param low zeros as long as the run; used up
     */
    static double compensated(double[] x, double[] low, int from, int length) {
        int left = length;
        for (int half = LONGEST / 2; half >= REST; half >>= 1) {
            if (left > half) {
                foldExactly(x, low, from, from + left - half, half);
                left = half;
            }
        }
        double sum = 0;
        double lost = 0;
        for (int l = from; l < from + left; l++) {
            double next = sum + x[l];
            double part = next - sum;
            lost += low[l] + ((sum - (next - part)) + (x[l] - part));
            sum = next;
        }
        low[from] = lost;
        return sum;
    }

    private static void fold(double[] x, int from, int to, int distance) {
        for (int l = from; l < to; l++) {
            x[l] += x[l + distance];
        }
    }

    private static void foldExactly(double[] x, double[] low, int from, int to, int distance) {
        for (int l = from; l < to; l++) {
            double a = x[l];
            double b = x[l + distance];
            double sum = a + b;
            double part = sum - a;
            low[l] += low[l + distance] + ((a - (sum - part)) + (b - part));
            x[l] = sum;
        }
    }
}
