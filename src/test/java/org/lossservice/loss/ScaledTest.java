package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation within 2^-100 of exact arithmetic: what is on the way to a result cannot be seen in it. */
class ScaledTest {

    private static final Dyadic BOUND = new Dyadic(BigInteger.ONE, -100);

    private final SplittableRandom random = new SplittableRandom(1);

    private Scaled any(int exponents) {
        double head = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-exponents, exponents + 1));
        return new Scaled().setSum(head, head * random.nextDouble(-0x1p-53, 0x1p-53));
    }

    private static Scaled copy(Scaled number) {
        return new Scaled().set(number);
    }

    /** Asserts the value, to 2^-100 of {@code magnitude}, and the form. */
    private static void assertClose(Scaled actual, Dyadic expected, Dyadic magnitude) {
        assertThat(Dyadic.of(actual)
                        .minus(expected)
                        .abs()
                        .isAtMost(magnitude.abs().times(BOUND)))
                .as("%s, not %s", Dyadic.of(actual), expected)
                .isTrue();
        if (!actual.isZero()) {
            assertThat(Math.abs(actual.high())).isBetween(1.0, Math.nextDown(2.0));
            assertThat(actual.high() + actual.low()).isEqualTo(actual.high());
        }
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                1,
                -3.7,
                Double.MIN_VALUE,
                -0x1.8p-1070,
                0x0.fffffffffffffp-1022,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                0,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN
            })
    void numbersStayWhatTheyAre(double value) {
        Scaled number = new Scaled().setSum(1, 0x1p-60).set(value);
        assertThat(number.toDouble()).isEqualTo(Double.valueOf(value));
        assertThat(number.toLow()).isZero();
        assertThat(number.isZero()).isEqualTo(value == 0);
        assertThat(number.negate().toDouble()).isEqualTo(Double.valueOf(0.0 - value));
        if (Double.isFinite(value)) {
            Dyadic negated = Dyadic.ZERO.minus(Dyadic.of(value));
            assertClose(number, negated, Dyadic.ZERO);
        }
    }

    @Test
    void zerosHaveNoSign() {
        assertThat(new Scaled().set(-0.0).toDouble()).isEqualTo(Double.valueOf(0.0));
        assertThat(new Scaled().set(-0.0).high()).isEqualTo(Double.valueOf(0.0));
        assertThat(new Scaled().set(0.0).negate().toDouble()).isEqualTo(Double.valueOf(0.0));
        assertThat(new Scaled().set(-1, 0, -5000).toDouble()).isEqualTo(Double.valueOf(0.0));
        assertThat(new Scaled().set(-1, 0, 5000).toDouble()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Scaled().set(1, 0, Long.MAX_VALUE).toDouble()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void sumsOfTwoNumbersAreExact() {
        for (int round = 0; round < 2000; round++) {
            double head = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-900, 1000));
            double tail = Math.scalb(head * random.nextDouble(-1, 1), -random.nextInt(100));
            Dyadic sum = Dyadic.of(head).plus(Dyadic.of(tail));
            assertClose(new Scaled().setSum(head, tail), sum, Dyadic.ZERO);
            assertThat(new Scaled().setSum(head, tail).toDouble()).isEqualTo(head + tail);
            assertThat(new Scaled().setSum(head, tail).toLow()).isEqualTo(tail - (head + tail - head));
        }
        assertClose(new Scaled().setSum(0, -0.75), Dyadic.of(-0.75), Dyadic.ZERO);
    }

    @Test
    void productsAndQuotients() {
        for (int round = 0; round < 2000; round++) {
            Scaled a = any(1000);
            Scaled b = any(1000);
            Dyadic product = Dyadic.of(a).times(Dyadic.of(b));
            assertClose(copy(a).multiply(b), product, product);
            Scaled quotient = copy(a).divide(b.high());
            Dyadic back = Dyadic.of(quotient).times(Dyadic.of(b.high()));
            assertThat(back.minus(Dyadic.of(a))
                            .abs()
                            .isAtMost(Dyadic.of(a).abs().times(BOUND)))
                    .isTrue();
            assertClose(quotient, Dyadic.of(quotient), Dyadic.ZERO);
        }
        assertClose(new Scaled().set(0).divide(3), Dyadic.ZERO, Dyadic.ZERO);
        assertClose(new Scaled().set(0).multiply(any(5)), Dyadic.ZERO, Dyadic.ZERO);
        assertClose(any(5).multiply(new Scaled()), Dyadic.ZERO, Dyadic.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 6, 7, 8, 21})
    void powers(int power) {
        for (int round = 0; round < 100; round++) {
            Scaled base = any(60);
            Dyadic expected = Dyadic.of(base).power(power);
            assertClose(copy(base).raise(power), expected, expected);
        }
        assertThat(new Scaled().set(Double.NaN).raise(0).toDouble()).isEqualTo(1);
    }

    /** At all distances, with what cancels among them; the error is one of the magnitudes. */
    @Test
    void sums() {
        for (int round = 0; round < 20_000; round++) {
            Scaled a = any(1);
            Scaled b = any(400);
            if (round % 4 == 0) {
                b = copy(a).multiply(new Scaled().setSum(-1, random.nextDouble(-1, 1) * Math.scalb(1.0, -round % 105)));
            }
            Dyadic magnitude = Dyadic.of(a).abs().plus(Dyadic.of(b).abs());
            assertClose(copy(a).add(b), Dyadic.of(a).plus(Dyadic.of(b)), magnitude);
        }
        Scaled one = any(1);
        assertClose(copy(one).add(copy(one).negate()), Dyadic.ZERO, Dyadic.ZERO);
        assertClose(copy(one).add(new Scaled()), Dyadic.of(one), Dyadic.ZERO);
        assertClose(new Scaled().add(one), Dyadic.of(one), Dyadic.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "Infinity, 1, Infinity, Infinity",
        "-Infinity, 2, -Infinity, -Infinity",
        "1, -Infinity, -Infinity, -Infinity",
        "Infinity, Infinity, Infinity, Infinity",
        "Infinity, -Infinity, NaN, -Infinity",
        "0, Infinity, Infinity, NaN",
        "NaN, 1, NaN, NaN",
        "1, NaN, NaN, NaN"
    })
    void whatIsNotFiniteFollowsIeee(double a, double b, double sum, double product) {
        assertThat(new Scaled().set(a).add(new Scaled().set(b)).toDouble()).isEqualTo(Double.valueOf(sum));
        assertThat(new Scaled().set(a).multiply(new Scaled().set(b)).toDouble()).isEqualTo(Double.valueOf(product));
        if (!Double.isFinite(a)) {
            assertThat(new Scaled().set(a).divide(3).toDouble()).isEqualTo(Double.valueOf(a / 3));
        }
    }
}
