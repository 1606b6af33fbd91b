package org.lossservice.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import tools.jackson.core.JsonToken;

/**
 * Numbers are read to the bits that the JDK gives them. Count and seed can be set: {@code -Dnumbers.count=10000000
 * -Dnumbers.seed=7}.
 */
class NumberScanTest {

    private static final int BATCH = 1000;
    private static final int COLUMNS = 40;
    private static final int NUMBER_LENGTH = 2000;
    private static final JsonLimits LIMITS = new JsonLimits(BATCH, 2, NUMBER_LENGTH, 0, () -> {});

    @ParameterizedTest
    @EnumSource
    void readsWhatTheJdkReads(DType dtype) {
        long seed = Long.getLong("numbers.seed", 20_261_125);
        int count = Integer.getInteger("numbers.count", 100_000);
        HardNumbers texts = new HardNumbers(seed, dtype == DType.FLOAT32);
        for (int done = 0; done < count; done += BATCH) {
            List<String> batch = new ArrayList<>();
            while (batch.size() < BATCH) {
                String text = texts.next();
                if (Double.isFinite(parsed(text, dtype))) {
                    batch.add(text);
                }
            }
            FloatingTensor vector = scan("[" + String.join(",", batch) + "]").vector(dtype);
            FloatingTensor matrix = scan(rows(batch)).matrix(dtype);
            if (vector == null || matrix == null) {
                throw new AssertionError("it gave up before number " + done + ", seed " + seed);
            }
            for (int i = 0; i < BATCH; i++) {
                assertBits(vector, i, batch.get(i));
                assertBits(matrix, i, batch.get(i));
            }
        }
    }

    private static String rows(List<String> numbers) {
        List<String> rows = new ArrayList<>();
        for (int from = 0; from < BATCH; from += COLUMNS) {
            rows.add("[" + String.join(",", numbers.subList(from, from + COLUMNS)) + "]");
        }
        return "[" + String.join(",", rows) + "]";
    }

    private static double parsed(String text, DType dtype) {
        return dtype == DType.FLOAT32 ? Float.parseFloat(text) : Double.parseDouble(text);
    }

    private static void assertBits(FloatingTensor tensor, int index, String text) {
        boolean same = switch (tensor) {
            case Float32Tensor floats ->
                Float.floatToRawIntBits(floats.array()[index]) == Float.floatToRawIntBits(Float.parseFloat(text));
            case Float64Tensor doubles ->
                Double.doubleToRawLongBits(doubles.array()[index])
                        == Double.doubleToRawLongBits(Double.parseDouble(text));
        };
        assertThat(same).as("%s read as %s", text, tensor.get(index)).isTrue();
    }

    private static NumberScan scan(String array) {
        byte[] body = array.getBytes(StandardCharsets.US_ASCII);
        return new NumberScan(body, requireNonNull(JsonSkim.array(body, 0, body.length, 2)), LIMITS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[1,2],[3,4]]",
                " [ [ 1 , 2 ] , [\t3\r,\n4 ] ] ",
                "[[1e0,20E-1],[3.0,0.4e+1]]",
                "[[1],[2],[3],[4]]",
                "[[1,2,3,4]]"
            })
    void rows(String array) {
        FloatingTensor floats = requireNonNull(scan(array.strip()).matrix(DType.FLOAT32));
        assertThat(((Float32Tensor) floats).array()).containsExactly(1, 2, 3, 4);
        FloatingTensor doubles = requireNonNull(scan(array.strip()).matrix(DType.FLOAT64));
        assertThat(((Float64Tensor) doubles).array()).containsExactly(1, 2, 3, 4);
        int rows = (int) array.chars().filter(c -> c == '[').count() - 1;
        assertThat(floats.shape()).hasToString("[" + rows + ", " + 4 / rows + "]");
    }

    /** What JSON or the dtype forbids, and what is of another shape, is left to others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[1,2],[3]]",
                "[[1],[2,3]]",
                "[[1,2][3,4]]",
                "[[1,2],3]",
                "[[]]",
                "[1,2]",
                "[[1,2],]",
                "[[1,,2]]",
                "[[,1]]",
                "[[1 2]]",
                "[[01]]",
                "[[1.]]",
                "[[.5]]",
                "[[-]]",
                "[[+1]]",
                "[[1e]]",
                "[[1e+]]",
                "[[--1]]",
                "[[1.2.3]]",
                "[[1e5.0]]",
                "[[-.5]]",
                "[[-1e400]]",
                "[[null]]",
                "[[NaN]]",
                "[[0x1]]",
                "[[1_0]]",
                "[[1f]]",
                "[[\u000b1]]",
                "[[-01]]",
                "[[00]]"
            })
    void givesUpOnRows(String array) {
        assertThat(scan(array).matrix(DType.FLOAT32)).isNull();
        assertThat(scan(array).matrix(DType.FLOAT64)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "3.4028235677973366e38, true, true",
        "3.4028235677973367e38, false, true",
        "1e39, false, true",
        "9223372036854775807e20, false, true",
        "-99999.9999999999999e34, false, true",
        "1.797693134862315807e308, false, true",
        "1.797693134862315808e308, false, false",
        "-17976931348623158079372.8e286, false, true",
        "-17976931348623158079372.9e286, false, false"
    })
    void numbersAreLimitedByTheirType(String number, boolean asFloat, boolean asDouble) {
        NumberScan scan = scan("[" + number + "]");
        assertThat(scan.vector(DType.FLOAT32) != null).isEqualTo(asFloat);
        assertThat(scan.vector(DType.FLOAT64) != null).isEqualTo(asDouble);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0,1.0]", "[0,-1]", "[0,3]", "[0,1e0]", "[00,1]", "[0,]", "[]", "[0 1]", "[0,4294967296]"})
    void givesUpOnLabels(String array) {
        assertThat(scan(array).labels(3)).isNull();
    }

    @Test
    void labels() {
        Labels labels = requireNonNull(scan("[ 2,0 , 1]").labels(3));
        assertThat(labels.array()).containsExactly(2, 0, 1);
        labels = requireNonNull(scan("[120,\r123456789]").labels(123_456_790));
        assertThat(labels.array()).containsExactly(120, 123_456_789);
    }

    @Test
    void longNumbersAreLimited() {
        String number = "1." + "0".repeat(NUMBER_LENGTH - 2);
        assertThat(scan("[" + number + "]").vector(DType.FLOAT64)).isNotNull();
        assertThat(scan("[" + number + "0]").vector(DType.FLOAT64)).isNull();
    }

    /** However long an exponent is, as many digits make up for it. */
    @ParameterizedTest
    @ValueSource(ints = {9_980, 10_020, 29_000})
    void manyDigitsMakeUpForAnExponent(int zeros) {
        JsonLimits limits = new JsonLimits(BATCH, 2, 60_000, 0, () -> {});
        String large = "125" + "0".repeat(zeros) + "e-" + (zeros + 3);
        String small = "0." + "0".repeat(zeros) + "125e" + zeros;
        byte[] body = ("[" + large + "," + small + "]").getBytes(StandardCharsets.US_ASCII);
        JsonMember member = requireNonNull(JsonSkim.array(body, 0, body.length, 2));
        FloatingTensor floats = requireNonNull(new NumberScan(body, member, limits).vector(DType.FLOAT32));
        assertThat(((Float32Tensor) floats).array()).containsExactly(0.125f, 0.125f);
        FloatingTensor doubles = requireNonNull(new NumberScan(body, member, limits).vector(DType.FLOAT64));
        assertThat(((Float64Tensor) doubles).array()).containsExactly(0.125, 0.125);
    }

    /** Memory is only taken for as many numbers as there is text for. */
    @ParameterizedTest
    @ValueSource(strings = {"[,,,,]", "[[,,,,,,,],[,,,,,]]", "[\"],\"]", "[[\"\"]]", "[[[1]]]", "[1,2", "[[1,2]"})
    void noArrayOfNumbers(String array) {
        byte[] body = (array + array).getBytes(StandardCharsets.US_ASCII);
        for (int start : new int[] {0, array.length()}) {
            assertThat(JsonSkim.array(body, start, start + array.length(), 2)).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1] | 1 | 1 | -1", "[ -1e2,3 ] | 2 | 2 | -1", "[[1],[2]] | 2 | 2 | 1"})
    void arraysOfNumbers(String array, int scalars, int length, int firstLength) {
        byte[] body = (array + array).getBytes(StandardCharsets.US_ASCII);
        for (int start : new int[] {0, array.length()}) {
            JsonMember member = requireNonNull(JsonSkim.array(body, start, start + array.length(), 2));
            assertThat(member)
                    .isEqualTo(new JsonMember(
                            JsonToken.START_ARRAY, "", start, start + array.length(), scalars, length, firstLength));
        }
    }
}
