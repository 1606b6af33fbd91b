package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds sums to what they promise, which is more than can be seen in a result. */
class SumsTest {

    /** The error of a rounded number. */
    private static final int ROUNDING = -53;

    private final Sums sums = new Sums();
    private final SplittableRandom random = new SplittableRandom(1);

    /** As long as a sum of them reads: what is beyond does not matter. */
    private double[] numbers(int length, DoubleSupplier number) {
        double[] x = new double[Sums.LARGE];
        Arrays.fill(x, Sums.padded(length), Sums.LARGE, Double.NaN);
        for (int l = 0; l < length; l++) {
            x[l] = number.getAsDouble();
        }
        return x;
    }

    private static Dyadic total(double[] x, int from, int to, int power) {
        Dyadic total = Dyadic.ZERO;
        for (int l = from; l < to; l++) {
            total = total.plus(Dyadic.of(x[l]).power(power));
        }
        return total;
    }

    /** Asserts that a sum is within {@code units · 2^exponent} of itself. */
    private static void assertClose(Dyadic sum, Dyadic exact, int units, int exponent, String where) {
        Dyadic allowed = exact.times(new Dyadic(BigInteger.valueOf(units), exponent));
        assertThat(sum.minus(exact).abs().isAtMost(allowed))
                .as("%s: %s, not %s", where, sum, exact)
                .isTrue();
    }

    /** Together with what was lost, which cannot be seen in the sum. */
    private Dyadic withLost(double sum) {
        assertThat(sum + sums.lost()).isEqualTo(sum);
        return Dyadic.of(sum).plus(Dyadic.of(sums.lost()));
    }

    @ParameterizedTest
    @CsvSource({"0, 128", "1, 128", "128, 128", "129, 512", "512, 512"})
    void arraysArePadded(int length, int padded) {
        assertThat(Sums.padded(length)).isEqualTo(padded);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 64, 97, 112, 113, 127, 128, 129, 200, 257, 385, 511, 512})
    void everySumIsWithinItsBound(int length) {
        // What earlier sums left behind does not matter either.
        assertThat(sums.exact(numbers(512, () -> 1), 512, 1)).isEqualTo(512);
        for (int exponent : new int[] {-440, -20, 0, 20, 470}) {
            double[] x = numbers(length, () -> Math.scalb(random.nextDouble(), exponent));
            String where = length + " numbers below 2^" + exponent;
            Dyadic exact = total(x, 0, length, 1);
            assertClose(Dyadic.of(sums.plain(x.clone(), length)), exact, 32, ROUNDING, "plain, " + where);
            double sum = sums.exact(x.clone(), length, Math.scalb(1.0, exponent));
            Dyadic all = Dyadic.of(sum).plus(Dyadic.of(sums.lost()));
            assertClose(all, exact, (1 << 14) + 1, ROUNDING - 14, "exact, " + where);
            Dyadic squares = total(x, 0, length, 2);
            double plain = sums.plainSquares(x.clone(), length);
            assertClose(Dyadic.of(plain), squares, 32, ROUNDING, "plain squares, " + where);
            double root = sums.exactSquares(x.clone(), length, Math.scalb(1.0, exponent));
            assertClose(withLost(root), squares, (1 << 14) + 1, ROUNDING - 14, "squares, " + where);
        }
    }

    /** A loss does not depend on whether its gradient is wanted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 33, 100, 128, 129, 300, 512})
    void sumsAreTheSameTwoAtOnce(int length) {
        double[] x = numbers(length, random::nextDouble);
        double[] y = numbers(length, random::nextDouble);
        assertThat(sums.plain(x, y, length)).isEqualTo(sums.plain(x, length));
        assertThat(sums.other()).isEqualTo(sums.plain(y, length));
        assertThat(sums.plainSquaresAndSum(x, length)).isEqualTo(sums.plainSquares(x, length));
        assertThat(sums.other()).isEqualTo(sums.plain(x, length));
    }

    /** Numbers of which pairs are exact leave the second error alone, whatever the guess at their size. */
    @ParameterizedTest
    @ValueSource(ints = {33, 100, 128, 129, 300, 512})
    void pairsAreAllThatIsRounded(int length) {
        for (int exponent = -80; exponent <= 80; exponent++) {
            pairsAreAllThatIsRounded(length, Math.scalb(1.0, exponent));
        }
        for (double size :
                new double[] {0, Double.MIN_VALUE, 0x1p-500, 0x1p500, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
            pairsAreAllThatIsRounded(length, size);
        }
    }

    private void pairsAreAllThatIsRounded(int length, double guess) {
        String where = length + " numbers, thought to be of the size " + guess;
        double[] x = numbers(
                length, () -> random.nextDouble() < 0.5 ? 0 : Math.scalb((double) random.nextLong(1L << 52), -52));
        double sum = sums.exact(x.clone(), length, guess);
        assertClose(withLost(sum), total(x, 0, length, 1), 1, ROUNDING - 14, where);
        double[] roots = numbers(length, () -> Math.scalb((double) random.nextLong(1L << 26), -26));
        double squares = sums.exactSquares(roots.clone(), length, guess);
        assertClose(withLost(squares), total(roots, 0, length, 2), 1, ROUNDING - 14, "squares of " + where);
    }

    /** Added one by one, the small ones would be lost. */
    @Test
    void smallNumbersCount() {
        double[] x = numbers(512, () -> 0x1p-53);
        x[0] = 1;
        assertThat(sums.plain(x, 512)).isGreaterThan(1 + 0x1p-45);
        for (int l = 1; l < 512; l++) {
            x[l] = 0x1p-26;
        }
        assertThat(sums.plainSquares(x, 512)).isGreaterThan(1 + 0x1p-44);
    }

    @Test
    void runsAreSummedOneByOne() {
        double[] x = numbers(100, () -> random.nextInt(1, 100) * (random.nextBoolean() ? 1 : 0x1p-60));
        double sum = sums.exactTail(x, 40, 72);
        Dyadic exact = total(x, 40, 72, 1);
        assertClose(Dyadic.of(sum).plus(Dyadic.of(sums.lost())), exact, 1, -95, "exact run");
        assertClose(Dyadic.of(Sums.plainTail(x, 40, 72)), exact, 32, ROUNDING, "plain run");
        assertThat(sums.exactTail(x, 3, 3)).isZero();
        assertThat(sums.lost()).isZero();
    }

    @Test
    void nothingIsZero() {
        double[] x = numbers(300, () -> 0);
        for (double guess : new double[] {0, 1, Double.POSITIVE_INFINITY}) {
            assertThat(sums.exact(x, 300, guess)).isZero();
            assertThat(sums.exactSquares(x, 300, guess)).isZero();
            assertThat(sums.lost()).isZero();
        }
    }
}
