package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation within 2^-100 of exact arithmetic, powers a little less so; and nothing outside its run. */
class ScaledArrayTest {

    private static final int LENGTH = 40;
    private static final int FROM = 3;
    private static final int TO = 37;

    private final SplittableRandom random = new SplittableRandom(1);
    private final ScaledArray array = new ScaledArray(LENGTH);

    /** What is outside of runs, of exponents that are larger than all others. */
    @BeforeEach
    void fill() {
        set(array, l -> new Scaled().set(1.5, 0x1p-60, 10_000));
    }

    private static void set(ScaledArray array, IntFunction<Scaled> number) {
        for (int l = 0; l < LENGTH; l++) {
            array.set(l, number.apply(l));
        }
    }

    /** A number of any exponent up to a limit, or 0, whose exponent may be anything. */
    private Scaled any(int exponents) {
        if (random.nextInt(8) == 0) {
            return new Scaled().set(0, 0, random.nextInt(-9000, 9000));
        }
        double high = 1 + random.nextDouble();
        return new Scaled()
                .set(high, high * random.nextDouble(-0x1p-54, 0x1p-54), random.nextInt(-exponents, exponents + 1));
    }

    private static Scaled scaled(ScaledArray array, int index) {
        Scaled number = new Scaled();
        array.addTo(number, index, index + 1);
        return number;
    }

    private static Dyadic number(ScaledArray array, int index) {
        return Dyadic.of(scaled(array, index));
    }

    private static void assertWithin(Dyadic actual, Dyadic exact, Dyadic magnitude, long units) {
        Dyadic allowed = magnitude.abs().times(new Dyadic(BigInteger.valueOf(units), -100));
        assertThat(actual.minus(exact).abs().isAtMost(allowed))
                .as(() -> actual + ", not " + exact)
                .isTrue();
    }

    /** Asserts the value and the form, which is that of a {@link Scaled}. */
    private void assertNumber(int index, Dyadic exact, long units) {
        Scaled number = scaled(array, index);
        assertWithin(Dyadic.of(number), exact, exact, units);
        assertThat(array.high(index)).isEqualTo(number.high());
    }

    /** What was set by {@link #fill} is there still. */
    private void assertOutsideIsLeftAlone() {
        Dyadic filled = Dyadic.of(new Scaled().set(1.5, 0x1p-60, 10_000));
        for (int l = 0; l < LENGTH; l++) {
            if (l < FROM || l >= TO) {
                assertThat(number(array, l)).isEqualTo(filled);
            }
        }
    }

    /** Among the scores are those of which nothing is left, or less than the rounding of margin and label's score. */
    @ParameterizedTest
    @CsvSource({"1, 0", "-1, 0", "1, 40", "-1, 40", "1, 300", "0, 0", "1, -300"})
    void hinges(double side, int exponent) {
        for (int round = 0; round < 50; round++) {
            double margin = Math.scalb(random.nextDouble(), exponent);
            double labelScore = Math.scalb(random.nextGaussian(), random.nextInt(-20, 20));
            double base = margin - labelScore;
            double error = ExactRow.twoSumError(margin, -labelScore, base);
            double[] scores = random.doubles(LENGTH, -2, 2).toArray();
            for (int l = 0; l < LENGTH; l += 2) {
                scores[l] = -base + random.nextInt(-2, 3) * Math.ulp(base);
            }
            double[] z = random.doubles(LENGTH).toArray();
            double[] before = z.clone();
            array.setHinge(scores, FROM, TO, base, error, side, z);
            array.normalise(FROM, TO, 0);
            for (int l = FROM; l < TO; l++) {
                Dyadic exact = Dyadic.of(margin)
                        .minus(Dyadic.of(labelScore))
                        .plus(Dyadic.of(scores[l]))
                        .times(Dyadic.of(side));
                assertNumber(l, exact.signum() > 0 ? exact : Dyadic.ZERO, 1);
                assertWithin(Dyadic.of(z[l]), exact, exact, (1L << 47) + 1);
                before[l] = z[l];
            }
            assertThat(z).isEqualTo(before);
            assertOutsideIsLeftAlone();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsActiveIsOne(boolean activeAtKink) {
        double kink = activeAtKink ? 1 : 0;
        double[] z = new double[LENGTH];
        double[] expected = new double[LENGTH];
        double[] some = {-3, 0, 3, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE / 2, -0.0};
        double[] ofThem = {0, kink, 1, 1, 0, 1, kink};
        for (int l = 0; l < LENGTH; l++) {
            z[l] = some[l % some.length];
            expected[l] = ofThem[l % some.length];
        }
        array.setActive(z, FROM, TO, activeAtKink);
        for (int l = FROM; l < TO; l++) {
            assertNumber(l, Dyadic.of(expected[l]), 0);
        }
        assertOutsideIsLeftAlone();
    }

    @Test
    void zerosAddNothing() {
        set(array, l -> new Scaled().set(0, 0, l));
        Scaled sum = new Scaled();
        array.addTo(sum, FROM, TO);
        assertThat(sum.isZero()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 62, 63, 64, 65, 66, 67, 91, 96, 100, 127, 192, 255, 256, 511, 512, 513,
                1000, 4095
            })
    void powers(int power) {
        ScaledArray base = new ScaledArray(LENGTH);
        for (int exponents : new int[] {0, 700}) {
            set(base, l -> any(exponents));
            base.set(0, new Scaled().setSum(Math.nextDown(2.0), Math.nextDown(0x1p-53)));
            for (int rounded = 0; rounded <= 24; rounded += 8) {
                array.setPower(base, TO, power, rounded);
                long allowed = rounded == 0 ? (power - 1L) << 8 : Math.min(2L * power - 1, 4L << rounded) << 47;
                for (int l = 0; l < TO; l++) {
                    assertNumber(l, number(base, l).power(power), allowed);
                }
                assertThat(number(array, TO)).isEqualTo(Dyadic.of(new Scaled().set(1.5, 0x1p-60, 10_000)));
            }
        }
    }

    @Test
    void products() {
        ScaledArray other = new ScaledArray(LENGTH);
        for (int round = 0; round < 50; round++) {
            set(array, l -> any(700));
            set(other, l -> any(700));
            Dyadic[] exact = new Dyadic[LENGTH];
            for (int l = 0; l < LENGTH; l++) {
                exact[l] = number(array, l).times(l < TO ? number(other, l) : Dyadic.ONE);
            }
            array.multiply(other, TO);
            for (int l = 0; l < LENGTH; l++) {
                assertNumber(l, exact[l], 1);
            }
        }
    }

    /** Numbers of one size and of any, added to what is there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 200, 2000})
    void sums(int exponents) {
        for (int round = 0; round < 200; round++) {
            Scaled sum = any(exponents);
            Dyadic exact = Dyadic.of(sum);
            for (int l = FROM; l < TO; l++) {
                Scaled number = any(exponents);
                array.set(l, number);
                exact = exact.plus(Dyadic.of(number));
            }
            array.addTo(sum, FROM, TO);
            assertWithin(Dyadic.of(sum), exact, exact, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "500, 500", "1000, 1000", "1100, 20", "20, 1100", "4000, 4000"})
    void productsWithAFactorAreRounded(int exponents, int ofFactor) {
        for (int round = 0; round < 200; round++) {
            Scaled factor = any(ofFactor);
            if (random.nextBoolean()) {
                factor.negate();
            }
            for (int l = FROM; l < TO; l++) {
                array.set(l, any(exponents));
            }
            double[] products = random.doubles(LENGTH).toArray();
            double[] before = products.clone();
            array.multiplyTo(products, FROM, TO, factor);
            for (int l = FROM; l < TO; l++) {
                Ulps.assertRounded(products[l], number(array, l).times(Dyadic.of(factor)));
                before[l] = products[l];
            }
            assertThat(products).isEqualTo(before);
        }
    }

    /** A factor or number that is not finite is so in the product, whatever the exponent of the other. */
    @ParameterizedTest
    @CsvSource({
        "Infinity, 1, Infinity",
        "Infinity, 0, NaN",
        "-Infinity, 1, -Infinity",
        "NaN, 1, NaN",
        "NaN, 0, NaN",
        "1, Infinity, Infinity",
        "-1, Infinity, -Infinity",
        "0, Infinity, NaN",
        "1, NaN, NaN"
    })
    void whatIsNotFiniteFollowsIeee(double factor, double number, double product) {
        for (int exponent : new int[] {0, -5000, 5000}) {
            Scaled scaledNumber = new Scaled().set(number);
            Scaled scaledFactor = new Scaled().set(factor);
            if (Double.isFinite(number)) {
                scaledNumber.set(number, 0, exponent);
            } else {
                scaledFactor.set(factor, 0, exponent);
            }
            array.set(FROM, scaledNumber);
            double[] products = new double[LENGTH];
            array.multiplyTo(products, FROM, FROM + 1, scaledFactor);
            assertThat(products[FROM]).isEqualTo(Double.valueOf(product));
        }
    }
}
