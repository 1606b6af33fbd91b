package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A growing sum within 2^-90 of the magnitudes of its terms. */
class TotalTest {

    private static final Dyadic BOUND = new Dyadic(BigInteger.ONE, -90);

    /** Terms in two doubles, some of any exponent among them, and again after clearing. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "60, 0", "0, 2", "60, 7"})
    void sumsOfManyTerms(int exponents, int scaledOneIn) {
        SplittableRandom random = new SplittableRandom(exponents);
        Total total = new Total();
        for (int round = 0; round < 3; round++) {
            Dyadic exact = Dyadic.ZERO;
            Dyadic magnitude = Dyadic.ZERO;
            assertThat(Dyadic.of(total.toScaled())).isEqualTo(exact);
            for (int i = 0; i < 1000; i++) {
                double high = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-exponents, exponents + 1));
                double low = high * random.nextDouble(-0x1p-54, 0x1p-54);
                Scaled term = new Scaled().setSum(high, low);
                if (scaledOneIn > 0 && random.nextInt(scaledOneIn) == 0) {
                    total.add(term);
                } else {
                    total.add(high, low);
                }
                exact = exact.plus(Dyadic.of(term));
                magnitude = magnitude.plus(Dyadic.of(term).abs());
            }
            assertThat(total.isPlain()).isEqualTo(scaledOneIn == 0);
            Dyadic error = Dyadic.of(total.toScaled()).minus(exact).abs();
            assertThat(error.isAtMost(magnitude.times(BOUND))).as("%s", error).isTrue();
            if (scaledOneIn == 0) {
                Dyadic parts = Dyadic.of(total.high()).plus(Dyadic.of(total.low()));
                assertThat(parts.minus(exact).abs().isAtMost(magnitude.times(BOUND)))
                        .isTrue();
            }
            total.clear();
        }
    }
}
