package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Just below a power of two, where rounding up gives one bit more; the least and the largest numbers are left to others. */
    @Test
    void nextToPowersOfTwo() {
        int decided = 0;
        for (int power = -1022; power <= 1024; power++) {
            BigDecimal ones = BigDecimal.valueOf((1L << 54) - 1);
            BigDecimal halfway = power < 54
                    ? ones.divide(BigDecimal.TWO.pow(54 - power))
                    : ones.multiply(BigDecimal.TWO.pow(power - 54));
            for (int digits = 16; digits <= 19; digits++) {
                BigDecimal below = halfway.round(new MathContext(digits, RoundingMode.DOWN));
                long significand = below.unscaledValue().longValue();
                for (long next = 0; next <= 2; next++) {
                    decided += decidedRightly(significand + next, -below.scale()) ? 1 : 0;
                }
            }
        }
        assertThat(decided).isGreaterThan(2046 * 4 * 3 * 99 / 100);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, -37, 1e-37", "1, 19, 1e19", "25, -2, 0.25", "9223372036854775807, 19, 9.2233720368e37"})
    void floatsAtTheLimits(long significand, int exponent, float number) {
        assertThat(DecimalNumber.toFloat(significand, exponent)).isEqualTo(number);
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
