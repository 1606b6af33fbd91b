package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers are written, byte for byte, as the JDK does, and as the definition of the shortest decimal demands. Count and seed
 * can be set: {@code -Dnumbers.count=10000000 -Dnumbers.seed=7}; {@code -Dnumbers.floats=all} tries every float.
 */
class ShortestDecimalTest {

    private static final int COUNT = Integer.getInteger("numbers.count", 100_000);
    private static final long SEED = Long.getLong("numbers.seed", 20_261_125);

    /** Where texts are put: not at the start, so that what is written before them shows. */
    private static final int AT = 5;

    @Test
    void floatsAsTheJdkWritesThem() {
        boolean all = System.getProperty("numbers.floats", "some").equals("all");
        // steps that are prime to 2^n meet all exponents and all sorts of fractions
        int step = all ? 1 : 10_007;
        IntStream.rangeClosed(0, Float.floatToRawIntBits(Float.MAX_VALUE) / step)
                .parallel()
                .forEach(i -> assertFloat(Float.intBitsToFloat(i * step)));
    }

    @Test
    void doublesOfEveryExponent() {
        long[] fractions = {0, 1, 2, 3, (1L << 51) - 1, 1L << 51, (1L << 51) + 1, (1L << 52) - 2, (1L << 52) - 1};
        for (long exponent = 0; exponent < 0x7FF; exponent++) {
            for (long fraction : fractions) {
                assertDouble(Double.longBitsToDouble((exponent << 52) | fraction));
            }
        }
    }

    @Test
    void floatsOfEveryExponent() {
        int[] fractions = {0, 1, 2, 3, (1 << 22) - 1, 1 << 22, (1 << 22) + 1, (1 << 23) - 2, (1 << 23) - 1};
        for (int exponent = 0; exponent < 0xFF; exponent++) {
            for (int fraction : fractions) {
                assertFloat(Float.intBitsToFloat((exponent << 23) | fraction));
            }
        }
    }

    @Test
    void doublesAtRandom() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT; i++) {
            assertDouble(finite(Double.longBitsToDouble(random.nextLong() >>> 1)));
            assertDouble(Double.longBitsToDouble(random.nextLong(1L << 52))); // subnormal
            assertDouble(Math.abs(random.nextGaussian()));
            assertDouble((double) random.nextLong(1L << random.nextInt(1, 63))); // whole
            // of few digits, and its neighbour, which has 16 or 17
            double few = Double.parseDouble(random.nextInt(1_000_000) + "e" + random.nextInt(-330, 303));
            assertDouble(few);
            assertDouble(Math.nextUp(few));
        }
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number : 1;
    }

    /** Where the layout changes, and where the number of digits does. */
    @Test
    void powersOfTen() {
        for (int exponent = -323; exponent <= 308; exponent++) {
            double power = Double.parseDouble("1e" + exponent);
            for (double number : new double[] {Math.nextDown(power), power, Math.nextUp(power)}) {
                assertDouble(number);
            }
            float single = (float) power;
            for (float number : new float[] {Math.nextDown(single), single, Math.nextUp(single)}) {
                assertFloat(Float.isFinite(number) && number >= 0 ? number : 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "0.1, 0.1",
        "0.3, 0.3",
        "100, 100.0",
        "123456.7, 123456.7",
        "9999999, 9999999.0",
        "1e7, 1.0E7",
        "0.001, 0.001",
        "9.99e-4, 9.99E-4",
        "2e-3, 0.002",
        "2e23, 2.0E23",
        "1e23, 1.0E23",
        "9007199254740993, 9.007199254740992E15",
        "5e-324, 4.9E-324",
        "2.2250738585072014e-308, 2.2250738585072014E-308",
        "1.7976931348623157e308, 1.7976931348623157E308"
    })
    void doubles(double number, String text) {
        assertThat(written(number)).isEqualTo(text);
        assertThat(written(-number)).isEqualTo("-" + text);
    }

    /** A power of ten and the number below, of any length: shorter ones than those of numbers are laid out alike. */
    @ParameterizedTest
    @ValueSource(ints = {-20, -3, 0, 2, 20})
    void significandsOfAnyLength(int exponent) {
        long power = 1;
        for (int length = 1; length <= 15; length++, power *= 10) {
            for (long significand : new long[] {power, 10 * power - 1}) {
                byte[] bytes = new byte[AT + DecimalText.ROOM];
                String text = text(bytes, DecimalText.write(significand, exponent, bytes, AT));
                assertText(Double.toString(Double.parseDouble(significand + "e" + exponent)), text);
            }
        }
    }

    /** Without the JDK: it reads back, nothing of fewer digits does, and of as many digits nothing that is nearer does. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shortestAndNearest(boolean subnormal) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT / 20; i++) {
            double number = finite(Double.longBitsToDouble(random.nextLong() >>> (subnormal ? 12 : 1)));
            BigDecimal exact = new BigDecimal(number);
            BigDecimal text = new BigDecimal(written(number)).stripTrailingZeros();
            assertThat(text.doubleValue()).isEqualTo(number);
            int digits = text.precision();
            for (RoundingMode rounding : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                if (digits > 2) {
                    BigDecimal shorter = exact.round(new MathContext(digits - 1, rounding));
                    assertThat(shorter.doubleValue())
                            .as("%s for %s", shorter, text)
                            .isNotEqualTo(number);
                }
                BigDecimal other = exact.round(new MathContext(digits, rounding));
                if (other.doubleValue() == number) {
                    assertThat(distance(text, exact)).isLessThanOrEqualTo(distance(other, exact));
                }
            }
        }
    }

    /** Without the exact comparisons, or writing is slow: all but some in ten thousand of ordinary numbers. */
    @Test
    void hardlyAnyIsUncertain() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] bytes = new byte[AT + DecimalText.ROOM];
        int uncertain = 0;
        for (int i = 0; i < COUNT; i++) {
            double number = random.nextGaussian();
            uncertain += QuickDecimal.write(number, bytes, AT) == QuickDecimal.UNCERTAIN ? 1 : 0;
            uncertain += QuickDecimal.write((float) number, bytes, AT) == QuickDecimal.UNCERTAIN ? 1 : 0;
        }
        assertThat(uncertain).isLessThan(COUNT / 2000);
        assertThat(text(bytes, QuickDecimal.write(0.3, bytes, AT))).isEqualTo("0.3");
        assertThat(text(bytes, QuickDecimal.write(-0.3f, bytes, AT))).isEqualTo("0.3");
    }

    /** No normal number, a power of two, halfway between two decimals, and with an end of the interval at a multiple of ten. */
    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                Double.MIN_VALUE,
                0x1.8p-1023,
                0x1p-1022,
                1,
                1.5 + 0x1p-17,
                9.67254281598546E16,
                1.44166774921282E17
            })
    void uncertain(double number) {
        assertThat(QuickDecimal.write(number, new byte[AT + DecimalText.ROOM], AT))
                .isEqualTo(QuickDecimal.UNCERTAIN);
        assertDouble(number);
    }

    private static BigDecimal distance(BigDecimal one, BigDecimal other) {
        return one.subtract(other).abs();
    }

    private static void assertDouble(double number) {
        String expected = Double.toString(number);
        assertText(expected, written(number));
        assertText("-" + expected, written(-number));
    }

    private static void assertFloat(float number) {
        String expected = Float.toString(number);
        assertText(expected, written(number));
        assertText("-" + expected, written(-number));
    }

    private static void assertText(String expected, String written) {
        // AssertJ is slow where this is called four thousand million times
        if (!expected.equals(written)) {
            throw new AssertionError(expected + " written as " + written + ", seed " + SEED);
        }
    }

    private static String written(double number) {
        byte[] bytes = new byte[AT + DecimalText.ROOM];
        return text(bytes, ShortestDecimal.write(number, bytes, AT));
    }

    private static String written(float number) {
        byte[] bytes = new byte[AT + DecimalText.ROOM];
        return text(bytes, ShortestDecimal.write(number, bytes, AT));
    }

    private static String text(byte[] bytes, int length) {
        assert bytes[AT - 1] == 0 : "what stands before a text is overwritten";
        return new String(bytes, AT, length, StandardCharsets.ISO_8859_1);
    }
}
