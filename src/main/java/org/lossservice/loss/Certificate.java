package org.lossservice.loss;

/** Tells whether nothing that matters overflowed or underflowed in the sum of a run's powers. */
final class Certificate {

    /** Sums of powers above this may hold an overflow. */
    private static final double LARGE = 0x1p960;
    /** Gradients above this may be rounded to what is beyond double, where the exact ones are not. */
    static final double LARGEST_GRADIENT = 0x1p1022;
    /** Sums of powers below this may have lost terms to underflow. */
    private static final double SMALL = 0x1p-900;

    private final int p;
    /** Whether no power of u that matters underflows, whatever the scores. */
    private final boolean neverUnderflows;
    /** The smallest u whose p-th power is nowhere near underflow. */
    private final double smallestBase;

    Certificate(int p, boolean float64) {
        this.p = p;
        // Even multiplied by 2^900, the largest slope of RowFactors, what underflows is far below the smallest float32.
        neverUnderflows = p == 1 || !float64;
        smallestBase = StrictMath.pow(2, -900.0 / p);
    }

    /**
     * Whether the sum of powers of u, from {@code from} to {@code to}, and the gradient of each score are certain. A u^(p-1)
     * that underflows is lost on a slope above 1 alone: multiplied by less, what is missing is below the smallest number there
     * is.
     *
     * @param slopes the sum of u^(p-1); 0 where no gradient is wanted
     */
    boolean holds(double sum, double slopes, double slope, double[] u, int from, int to) {
        if (!(sum < LARGE && Math.abs(slope) * slopes <= LARGEST_GRADIENT)) {
            return false;
        }
        if (neverUnderflows || (sum >= SMALL && (p == 2 || Math.abs(slope) <= 1))) {
            return true;
        }
        for (int l = from; l < to; l++) {
            if (u[l] > 0 && u[l] < smallestBase) {
                return false;
            }
        }
        return true;
    }
}
