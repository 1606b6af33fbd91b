package org.lossservice.loss;

/**
 * Sums of the front of an array of numbers that are not negative, in an order that follows from its length alone:
 * quarters are added to each other until 32 numbers are left. Up to {@value #SMALL} or {@value #LARGE} numbers the
 * array has to be filled with zeros ({@link #padded}). Longer blocks were slower: their arrays leave little room in the
 * first cache. For one thread.
 */
final class Sums {

    /** The longest sum. */
    static final int LARGE = 512;

    private static final int SMALL = 128;
    private static final int TAIL = 32;

    /**
     * The bound of a sum is its guess times this: seldom is a sum larger, or more than {@link #WINDOW} times smaller.
     */
    private static final double GUESS = 0x1p13;

    /** How many times smaller than its grid a sum may be for the sum of its low parts to be exact enough. */
    private static final double WINDOW = 0x1p26;

    private final double[] high = new double[SMALL];
    private final double[] low = new double[SMALL];
    private double sum;
    private double lost;
    private double other;

    /** How many numbers a sum of {@code length} reads, zeros after these. */
    static int padded(int length) {
        return length <= SMALL ? SMALL : LARGE;
    }

    /** The second of two plain sums made at once. */
    double other() {
        return other;
    }

    /** What the last exact sum is to be increased by. */
    double lost() {
        return lost;
    }

    /** A sum whose relative error is below 32 · 2^-53: nothing that float32 could see. */
    double plain(double[] x, int length) {
        if (length <= SMALL) {
            SumLoops.quartersOf128(x, high);
        } else {
            SumLoops.quartersOf512(x, high);
            SumLoops.quartersOf128(high, high);
        }
        return head(high);
    }

    /** As {@link #plain}, of squares. */
    double plainSquares(double[] x, int length) {
        if (length <= SMALL) {
            SumLoops.squaresOf128(x, high);
        } else {
            SumLoops.squaresOf512(x, high);
            SumLoops.quartersOf128(high, high);
        }
        return head(high);
    }

    /** As {@link #plain}, of two arrays at once, as fewer loops are faster: returns the sum of x; that of y is {@link #other}. */
    double plain(double[] x, double[] y, int length) {
        if (length <= SMALL) {
            SumLoops.quartersOf128(x, y, high, low);
        } else {
            SumLoops.quartersOf512(x, high);
            SumLoops.quartersOf512(y, low);
            SumLoops.quartersOf128(high, low, high, low);
        }
        other = head(low);
        return head(high);
    }

    /** As {@link #plainSquares}; the sum of x is {@link #other}. */
    double plainSquaresAndSum(double[] x, int length) {
        if (length <= SMALL) {
            SumLoops.squaresAndQuartersOf128(x, high, low);
        } else {
            SumLoops.squaresOf512(x, high);
            SumLoops.quartersOf512(x, low);
            SumLoops.quartersOf128(high, low, high, low);
        }
        other = head(low);
        return head(high);
    }

    /** The sum of a short run, one by one; its relative error is below 32 · 2^-53. */
    static double plainTail(double[] x, int from, int to) {
        double sum = 0;
        for (int l = from; l < to; l++) {
            sum += x[l];
        }
        return sum;
    }

    /** The sum of the first {@value #TAIL} numbers. */
    static double head(double[] x) {
        double a = x[0];
        double b = x[1];
        double c = x[2];
        double d = x[3];
        double e = x[4];
        double f = x[5];
        double g = x[6];
        double h = x[7];
        for (int l = 8; l < TAIL; l += 8) {
            a += x[l];
            b += x[l + 1];
            c += x[l + 2];
            d += x[l + 3];
            e += x[l + 4];
            f += x[l + 5];
            g += x[l + 6];
            h += x[l + 7];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /**
     * A sum that together with {@link #lost} has a relative error below 2^-53 (1 + 2^-14), where it is between 2^-900 and 2^960.
     *
     * <p>Rump's error-free transformation: added to a power of two that is larger than the sum, every number leaves a multiple
     * of that power's last bit, whose sums are exact, and a rest. Whether the power was neither too small nor much too large is
     * seen from the sum, which is nearly right in any case. That numbers are added to each other in pairs before is what costs
     * 2^-53.
     *
     * @param guess a first guess at the size of the numbers, which only costs time where it is bad
     */
    double exact(double[] x, int length, double guess) {
        if (!split(x, length, GUESS * guess)) {
            split(x, length, sum + lost);
        }
        return rounded();
    }

    /** As {@link #exact}, of squares: none is rounded, and a pair is when its rest is. */
    double exactSquares(double[] x, int length, double guess) {
        if (!splitSquares(x, length, GUESS * guess * guess)) {
            splitSquares(x, length, sum + lost);
        }
        return rounded();
    }

    private double rounded() {
        double rounded = sum + lost;
        lost -= rounded - sum;
        return rounded;
    }

    /**
     * Sums high and low parts apart; returns whether the sum is certain: 0, or below twice {@code bound} and not far
     * below.
     */
    private boolean split(double[] x, int length, double bound) {
        double grid = grid(bound);
        if (length <= SMALL) {
            SumLoops.split128(x, high, low, grid);
        } else {
            SumLoops.split512(x, high, low, grid);
        }
        return sumParts(length, grid);
    }

    private boolean splitSquares(double[] x, int length, double bound) {
        double grid = grid(bound);
        if (length <= SMALL) {
            SumLoops.splitSquaresOf128(x, high, low, grid);
        } else {
            SumLoops.splitSquaresOf512(x, high, low, grid);
        }
        return sumParts(length, grid);
    }

    private static double grid(double bound) {
        return Math.scalb(1.0, Math.min(Math.getExponent(bound), 1000) + 2);
    }

    private boolean sumParts(int length, double grid) {
        if (length > SMALL) {
            SumLoops.quartersOf128(high, high);
            SumLoops.quartersOf128(low, low);
        }
        sum = head(high);
        lost = head(low);
        double all = sum + lost;
        return all == 0 || (sum <= grid / 2 && all * WINDOW >= grid);
    }

    /** The exact sum of a short run, one by one. */
    double exactTail(double[] x, int from, int to) {
        double total = 0;
        double error = 0;
        for (int l = from; l < to; l++) {
            double next = total + x[l];
            error += ExactRow.twoSumError(total, x[l], next);
            total = next;
        }
        lost = error;
        return total;
    }
}
