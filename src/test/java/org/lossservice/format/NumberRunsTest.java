package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;

/**
 * What is read in runs has the bits that the JDK gives it, and nothing else is read. Count and seed can be set:
 * {@code -Dnumbers.count=10000000 -Dnumbers.seed=7}.
 */
class NumberRunsTest {

    private static final long SEED = Long.getLong("numbers.seed", 20_261_127);
    private static final int COUNT = Integer.getInteger("numbers.count", 100_000);
    private static final Pattern NUMBER = Pattern.compile(" ?-?(0|[1-9][0-9]{0,6})\\.[0-9]+");
    private static final String BEHIND = "],\"label\":[0,1,2,3,4,5,6]}";

    /** What a call read: the index that it came to, the position, and the number read first. */
    private record Run(int next, int at, double first) {}

    private static Run read(DType dtype, byte[] body, int numbers) {
        NumberRuns runs = new NumberRuns(body);
        float[] floats = new float[numbers + 1];
        double[] doubles = new double[numbers + 1];
        int at = switch (dtype) {
            case FLOAT32 -> runs.read(0, floats, 1, numbers + 1);
            case FLOAT64 -> runs.read(0, doubles, 1, numbers + 1);
        };
        return new Run(runs.next() - 1, at, dtype == DType.FLOAT32 ? floats[1] : doubles[1]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isSame(DType dtype, double read, String text) {
        double expected = dtype == DType.FLOAT32 ? Float.parseFloat(text) : Double.parseDouble(text);
        return Double.doubleToRawLongBits(read) == Double.doubleToRawLongBits(expected);
    }

    private static boolean isOrdinary(DType dtype, String text) {
        long digits = text.chars().filter(Character::isDigit).count();
        return NUMBER.matcher(text).matches() && (dtype == DType.FLOAT32 ? digits <= 11 : digits >= 15 && digits <= 19);
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatTheJdkReads(DType dtype) {
        SplittableRandom random = new SplittableRandom(SEED);
        int missed = 0;
        for (int i = 0; i < COUNT; i++) {
            String text = random.nextInt(3) > 0 ? digits(random, dtype) : halfway(random, dtype);
            Run run = read(dtype, bytes(text + BEHIND), 1);
            if (run.next() == 0) {
                missed++;
                assertThat(run.at()).isZero();
            } else {
                assertThat(isSame(dtype, run.first(), text))
                        .as("%s read as %s", text, run.first())
                        .isTrue();
                assertThat(run.at()).isEqualTo(text.length() + 1);
            }
        }
        // those next to a halfway point, and one in five hundred others
        assertThat(missed).isLessThan(COUNT * 2 / 5);
    }

    /** An ordinary number of random digits, many of which are zeros. */
    private static String digits(SplittableRandom random, DType dtype) {
        int whole = 1 + random.nextInt(7);
        int count = dtype == DType.FLOAT32 ? whole + 1 + random.nextInt(11 - whole) : 15 + random.nextInt(5);
        int zeros = random.nextInt(20);
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        for (int i = 0; i < count; i++) {
            int least = i == 0 && whole > 1 ? 1 : 0;
            text.append(i == whole ? "." : "").append(random.nextInt(20) < zeros ? least : random.nextInt(least, 10));
        }
        return text.toString();
    }

    /** The number between two neighbours, cut to what is read in a run, or a little more or less than that. */
    private static String halfway(SplittableRandom random, DType dtype) {
        double size = Math.pow(10, random.nextInt(-4, 7));
        double value = Math.abs(random.nextDouble(-1, 1) * size);
        BigDecimal lower = new BigDecimal(dtype == DType.FLOAT32 ? (float) value : value);
        BigDecimal upper = new BigDecimal(dtype == DType.FLOAT32 ? Math.nextUp((float) value) : Math.nextUp(value));
        int most = dtype == DType.FLOAT32 ? 11 : 15 + random.nextInt(5);
        BigDecimal middle = lower.add(upper).divide(BigDecimal.TWO);
        int whole = Math.max(1, middle.precision() - middle.scale());
        RoundingMode mode = random.nextBoolean() ? RoundingMode.UP : RoundingMode.DOWN;
        return (random.nextBoolean() ? "-" : "")
                + middle.setScale(most - whole, mode).toPlainString();
    }

    /** Everyday numbers are all read, but for one in five hundred doubles. */
    @ParameterizedTest
    @EnumSource
    void everydayNumbersAreRead(DType dtype) {
        SplittableRandom random = new SplittableRandom(1);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            double value = (random.nextInt(1, 10) + random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
            String text = dtype == DType.FLOAT32 ? Float.toString((float) value) : Double.toString(value);
            read += isOrdinary(dtype, text)
                    ? read(dtype, bytes(text + BEHIND), 1).next()
                    : 1;
        }
        assertThat(read).isGreaterThan(9950);
    }

    /** A byte changed anywhere is noticed, unless it makes another number of the same kind. */
    @ParameterizedTest
    @EnumSource
    void nothingElseIsRead(DType dtype) {
        SplittableRandom random = new SplittableRandom(SEED);
        String bytes = "0123456789.-+eE ,]}[/:\t\n\u00000n\u0080\u00ae\u00b0\u00ff";
        for (int i = 0; i < COUNT; i++) {
            StringBuilder text = new StringBuilder(digits(random, dtype) + (random.nextBoolean() ? "]" : ",") + BEHIND);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                text.setCharAt(random.nextInt(24), bytes.charAt(random.nextInt(bytes.length())));
            }
            Run run = read(dtype, bytes(text.toString()), 1);
            if (run.next() == 1) {
                String number = text.substring(0, run.at() - 1);
                assertThat(text.charAt(run.at() - 1)).isEqualTo(']');
                assertThat(isOrdinary(dtype, number)).as(number).isTrue();
                assertThat(isSame(dtype, run.first(), number))
                        .as("%s read as %s", number, run.first())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.",
                "-1.",
                "1234567.",
                "00.5",
                "-01.5",
                ".5",
                "-.5",
                "1.5e3",
                "1.5E3",
                "5",
                "-",
                "1..5",
                "1.5.5",
                "12345678.5",
                "1.5,"
            })
    void notInARun(String text) {
        assertThat(read(DType.FLOAT32, bytes(text + BEHIND), 1)).isEqualTo(new Run(0, 0, 0));
    }

    /** However little of the body is left, nothing behind it is looked at. */
    @ParameterizedTest
    @EnumSource
    void readsUpToTheEndOfTheBody(DType dtype) {
        String text = (dtype == DType.FLOAT32 ? "1.25" : "1.25000000000000001") + BEHIND + " ".repeat(10);
        for (int length = 1; length <= text.length(); length++) {
            Run run = read(dtype, bytes(text.substring(0, length)), 1);
            assertThat(run.next()).isEqualTo(length < 26 ? 0 : 1);
        }
    }

    /** A run ends with its row, after a thousand numbers, and before one that is written in another way. */
    @Test
    void runs() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            texts.add((i % 2 == 0 ? "-0." : "12.") + (100 + i % 900));
        }
        byte[] all = bytes(String.join(", ", texts) + BEHIND);
        assertThat(read(DType.FLOAT32, all, 3000).next()).isEqualTo(1024);
        assertThat(read(DType.FLOAT32, bytes(String.join(",", texts.subList(0, 700)) + BEHIND), 700)
                        .next())
                .isEqualTo(700);
        texts.set(500, "1e2");
        assertThat(read(DType.FLOAT32, bytes(String.join(", ", texts) + BEHIND), 3000)
                        .next())
                .isEqualTo(500);
    }
}
