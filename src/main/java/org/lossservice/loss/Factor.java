package org.lossservice.loss;

/**
 * A number that rows are multiplied by, exact and as a sum of two doubles.
 *
 * @param exact not to be changed
 * @param high the number rounded to double
 * @param low the rest
 * @param safe whether the doubles do: the number is zero, or so far from the ends of their range that no product with what
 *     they are multiplied by in {@link FastRow} leaves it unnoticed
 */
record Factor(Scaled exact, double high, double low, boolean safe) {

    private static final double LARGEST = 0x1p700;

    static Factor of(Scaled exact) {
        double high = exact.toDouble();
        double magnitude = Math.abs(high);
        boolean safe = exact.isZero() || (magnitude >= 1 / LARGEST && magnitude <= LARGEST);
        return new Factor(exact, high, exact.low(), safe);
    }

    /** The product with a number, rounded once. */
    double times(double number) {
        return number == 1.0 ? high : Math.fma(high, number, low * number);
    }

    /** Whether {@link #times} of this number is safe as well. */
    boolean isSafeTimes(double number) {
        double magnitude = Math.abs(number);
        return safe && (magnitude == 0 || (magnitude >= 0x1p-200 && magnitude <= 0x1p200));
    }
}
