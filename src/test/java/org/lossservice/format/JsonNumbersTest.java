package org.lossservice.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;

/** The second reading of an array: right where nothing is wrong with it after all, and complete in what it finds. */
class JsonNumbersTest {

    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 10, 2000, 100, () -> {});

    private final Faults faults = new Faults();

    private JsonNumbers numbers(String array) {
        byte[] body = ("{\"x\":" + array + "}").getBytes(StandardCharsets.UTF_8);
        JsonMembers members = JsonMembers.read(body, body.length, List.of("x"), LIMITS, faults);
        return new JsonNumbers(body, requireNonNull(members.members().get("x")), "x", LIMITS, faults);
    }

    /** Code and index of each fault; behind the last one its detail. */
    private String found() {
        FaultException exception = catchThrowableOfType(FaultException.class, faults::throwIfAny);
        String where = exception.faults().stream()
                .map(fault -> fault.code() + " " + fault.index())
                .collect(Collectors.joining(", "));
        return where + " " + exception.faults().getLast().detail();
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatTheJdkReads(DType dtype) {
        HardNumbers texts = new HardNumbers(1, dtype == DType.FLOAT32);
        List<String> batch = Stream.generate(texts::next)
                .filter(text -> Float.isFinite(Float.parseFloat(text)))
                .limit(3000)
                .toList();
        FloatingTensor vector = requireNonNull(numbers(batch.toString()).vector(dtype));
        List<List<String>> rows = List.of(batch.subList(0, 1000), batch.subList(1000, 2000), batch.subList(2000, 3000));
        FloatingTensor matrix = requireNonNull(numbers(rows.toString()).matrix(dtype));
        assertThat(vector.shape()).hasToString("[3000]");
        assertThat(matrix.shape()).hasToString("[3, 1000]");
        for (int i = 0; i < 3000; i++) {
            String text = batch.get(i);
            double expected = dtype == DType.FLOAT32 ? Float.parseFloat(text) : Double.parseDouble(text);
            assertThat(vector.get(i)).as(text).isEqualTo(expected);
            assertThat(matrix.get(i)).as(text).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | wrong_shape [] x has no rows; at least one is needed",
                "[1,[2]] | wrong_shape [] x must have two dimensions, [N, C]; write a single sample as one row: [[…]]",
                "[[[1]],2] | wrong_shape [] x must have two dimensions, [N, C], but its rows hold arrays",
                "[[],[1]] | wrong_shape [0] row 0 of x is empty; at least one number is needed",
                "[[],[1],[],[2,3]] | wrong_shape [0], wrong_shape [2], wrong_shape [3] row 3 of x has 2 numbers, row 1 has 1 number",
                "[[1],[]] | wrong_shape [1] row 1 of x is empty; at least one number is needed",
                "[[1,2],[3,4],[5]] | wrong_shape [2] row 2 of x has 1 number, row 0 has 2 numbers",
                "[[1],2,[3,4]] | wrong_type [1], wrong_shape [2] row 2 of x has 2 numbers, row 0 has 1 number",
                "[null,[1],5] | wrong_type [0], wrong_type [2] expected a row, [number, …], found the number 5",
                "[{`a`:[1]},[2],[3,4]] | wrong_type [0], wrong_shape [2] row 2 of x has 2 numbers, row 1 has 1 number",
                "[[1,`a`],[[2],true]] | wrong_type [0, 1], wrong_type [1, 0], wrong_type [1, 1] expected a number, found a boolean",
                "[[1,-1e39],[3e38,1e400]] | out_of_range [0, 1], out_of_range [1, 1] 1e400 is too large for float32, whose largest number is 3.4028235E38",
            })
    void matricesAtFault(String array, String expected) {
        assertThat(numbers(array.replace('`', '"')).matrix(DType.FLOAT32)).isNull();
        assertThat(found()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1,[2],3,{}] | wrong_type [1], wrong_type [3] expected a number, found an object (JavaScript writes typed arrays so; Array.from makes arrays of them)",
                "[1e39,-1e309] | out_of_range [1] -1e309 is too large for float64, whose largest number is 1.7976931348623157E308",
            })
    void vectorsAtFault(String array, String expected) {
        assertThat(numbers(array).vector(DType.FLOAT64)).isNull();
        assertThat(found()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[0,3,2] | 3 | out_of_range [1] label 3 is not in [0, 3): input has 3 classes",
                "[-1,4294967296] | 3 | out_of_range [0], out_of_range [1] label 4294967296 is not in [0, 3): input has 3 classes",
                "[[1],1.0,0] | 2 | wrong_type [0], wrong_type [1] expected an integer, found the number 1.0",
                "[7,-1] | 0 | out_of_range [1] label -1 is not a class",
            })
    void labelsAtFault(String array, int classes, String expected) {
        assertThat(numbers(array).labels(classes)).isNull();
        assertThat(found()).isEqualTo(expected);
    }

    @Test
    void labels() {
        Labels labels = requireNonNull(numbers("[2,-0,1]").labels(3));
        assertThat(labels.array()).containsExactly(2, 0, 1);
        assertThat(numbers("[2]").labels(0)).isNull();
        assertThat(faults.total()).isZero();
    }
}
