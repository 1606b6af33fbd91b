package org.lossservice.loss;

/**
 * Sums of runs of an array: quarters are added to each other twice, which C2 does with vectors, and the sixteenth that is
 * left one by one. The order follows from the length alone, whatever the length of the machine's vectors. For one thread.
 */
final class Sums {

    /** The longest run. */
    static final int LONGEST = 512;

    /** Runs shorter than this are added one by one. */
    private static final int SHORT = 32;

    private final double[] high = new double[LONGEST / 4];
    private final double[] low = new double[LONGEST / 4];

    /** What {@link #compensated} is to be increased by. */
    private double lost;

    double lost() {
        return lost;
    }

    /** A sum whose relative error is below 64 · 2^-53 where all terms have one sign: nothing that float32 could see. */
    double plain(double[] x, int from, int length) {
        if (length < SHORT) {
            return plainTail(x, from, from + length);
        }
        int quarter = length / 4;
        int sixteenth = quarter / 4;
        quarters(x, from, quarter, high);
        quarters(high, 0, sixteenth, high);
        return plainTail(high, 0, sixteenth)
                + (plainTail(high, 4 * sixteenth, quarter) + plainTail(x, from + 4 * quarter, from + length));
    }

    private static double plainTail(double[] x, int from, int to) {
        double sum = 0;
        for (int l = from; l < to; l++) {
            sum += x[l];
        }
        return sum;
    }

    private static void quarters(double[] x, int from, int length, double[] to) {
        for (int l = 0; l < length; l++) {
            to[l] = (x[from + l] + x[from + l + length]) + (x[from + l + 2 * length] + x[from + l + 3 * length]);
        }
    }

    /**
     * Sums what every addition loses as well: with {@link #lost} the sum's relative error is below 2^-96 where all terms
     * have one sign.
     */
    double compensated(double[] x, int from, int length) {
        lost = 0;
        if (length < SHORT) {
            return compensatedTail(x, from, from + length, 0);
        }
        int quarter = length / 4;
        int sixteenth = quarter / 4;
        quartersExactly(x, from, quarter, high, low);
        sixteenthsExactly(sixteenth);
        for (int l = 0; l < sixteenth; l++) {
            lost += low[l];
        }
        for (int l = 4 * sixteenth; l < quarter; l++) {
            lost += low[l];
        }
        double sum = compensatedTail(high, 0, sixteenth, 0);
        sum = compensatedTail(high, 4 * sixteenth, quarter, sum);
        return compensatedTail(x, from + 4 * quarter, from + length, sum);
    }

    private double compensatedTail(double[] x, int from, int to, double start) {
        double sum = start;
        for (int l = from; l < to; l++) {
            double next = sum + x[l];
            lost += ExactRow.twoSumError(sum, x[l], next);
            sum = next;
        }
        return sum;
    }

    private static void quartersExactly(double[] x, int from, int length, double[] high, double[] low) {
        for (int l = 0; l < length; l++) {
            double a = x[from + l];
            double b = x[from + l + length];
            double c = x[from + l + 2 * length];
            double d = x[from + l + 3 * length];
            double ab = a + b;
            double cd = c + d;
            double sum = ab + cd;
            low[l] = (ExactRow.twoSumError(a, b, ab) + ExactRow.twoSumError(c, d, cd))
                    + ExactRow.twoSumError(ab, cd, sum);
            high[l] = sum;
        }
    }

    private void sixteenthsExactly(int length) {
        for (int l = 0; l < length; l++) {
            double a = high[l];
            double b = high[l + length];
            double c = high[l + 2 * length];
            double d = high[l + 3 * length];
            double ab = a + b;
            double cd = c + d;
            double sum = ab + cd;
            low[l] = ((low[l] + low[l + length]) + (low[l + 2 * length] + low[l + 3 * length]))
                    + ((ExactRow.twoSumError(a, b, ab) + ExactRow.twoSumError(c, d, cd))
                            + ExactRow.twoSumError(ab, cd, sum));
            high[l] = sum;
        }
    }
}
