package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of up to 64 bits halfway between two doubles, and next to that: nothing is decided wrongly, though some is left undecided. */
class DecimalNumberTest {

    private final SplittableRandom random = new SplittableRandom(1);

    /** Halfway is an odd number of 54 bits, exactly; it is written as a multiple of 10^exponent. */
    @ParameterizedTest
    @ValueSource(ints = {-4, -3, -2, -1, 0, 1, 2, 3, 4, 10, 20})
    void halfwayAndNextToIt(int exponent) {
        long five = BigInteger.valueOf(5).pow(Math.abs(exponent)).longValueExact();
        int decided = 0;
        for (int i = 0; i < 2000; i++) {
            long significand = exponent < 0
                    ? five * (random.nextLong(1L << 53, 1L << 54) | 1)
                    : random.nextLong((1L << 53) / five + 1, (1L << 54) / five) | 1;
            int zeros = random.nextInt(Long.numberOfLeadingZeros(significand) + 1);
            for (long next = -1; next <= 1; next++) {
                decided += decidedRightly((significand << zeros) + next, exponent) ? 1 : 0;
            }
        }
        assertThat(decided).isGreaterThanOrEqualTo(4000);
    }

    private static boolean decidedRightly(long significand, int exponent) {
        double number = DecimalNumber.toDouble(significand, exponent);
        if (Double.isNaN(number)) {
            return false;
        }
        BigDecimal exact = new BigDecimal(new BigInteger(Long.toUnsignedString(significand)), -exponent);
        assertThat(number)
                .as("%se%s", Long.toUnsignedString(significand), exponent)
                .isEqualTo(exact.doubleValue());
        return true;
    }
}
