package org.lossservice.loss;

/**
 * The sums of a run's u^p and, where they are wanted, u^(p-1): in float64 exact but for one ε, in float32 plain. For
 * one thread.
 */
final class RunSums {

    private final int p;
    private final boolean float64;
    private final boolean withSlopes;
    private final Sums sums = new Sums();

    /** The sum of u^p, with {@link #powersLow}. */
    double powersHigh;

    double powersLow;
    /** The sum of u^(p-1), with {@link #slopesLow}. */
    double slopesHigh;

    double slopesLow;

    RunSums(int p, boolean float64, boolean withSlopes) {
        this.p = p;
        this.float64 = float64;
        this.withSlopes = withSlopes;
    }

    /**
     * Sums the run at the front of arrays that are {@link Sums#padded}.
     *
     * @param powers u^p; where p is 2, what is to be squared
     * @param size the size that u are likely to have
     */
    void sum(double[] powers, double[] slopes, int length, double size) {
        if (float64) {
            sumExactly(powers, slopes, length, size);
        } else if (withSlopes) {
            powersHigh = p == 2 ? sums.plainSquaresAndSum(powers, length) : sums.plain(powers, slopes, length);
            slopesHigh = sums.other();
        } else {
            powersHigh = p == 2 ? sums.plainSquares(powers, length) : sums.plain(powers, length);
        }
    }

    private void sumExactly(double[] powers, double[] slopes, int length, double size) {
        sumPowersExactly(powers, length, size);
        if (withSlopes && p == 1) {
            // A count is exact as it is.
            slopesHigh = sums.plain(slopes, length);
        } else if (withSlopes) {
            slopesHigh = sums.exact(slopes, length, p == 2 ? size : Sums.head(slopes));
            slopesLow = sums.lost();
        }
    }

    /** Sums u^p alone, in float64; otherwise as {@link #sum}. */
    void sumPowersExactly(double[] powers, int length, double size) {
        powersHigh = p == 2
                ? sums.exactSquares(powers, length, size)
                : sums.exact(powers, length, p == 1 ? size : Sums.head(powers));
        powersLow = sums.lost();
    }

    /** Sums one run of several. */
    void sumShort(double[] powers, double[] slopes, int from, int to) {
        powersHigh = float64 ? sums.exactTail(powers, from, to) : Sums.plainTail(powers, from, to);
        powersLow = float64 ? sums.lost() : 0;
        if (withSlopes) {
            boolean plain = !float64 || p == 1;
            slopesHigh = plain ? Sums.plainTail(slopes, from, to) : sums.exactTail(slopes, from, to);
            slopesLow = plain ? 0 : sums.lost();
        }
    }

    /** A sum of float64 that need not be exact. */
    double plain(double[] x, int length) {
        return sums.plain(x, length);
    }
}
