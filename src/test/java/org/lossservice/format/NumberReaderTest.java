package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a number stands that JSON allows, it is passed; where none does, that is said. */
class NumberReaderTest {

    private static final int AT = 3;

    /** Behind what would be a number, and the end of an array. */
    private static byte[] bytes(String text) {
        return ("[0," + text + "]").getBytes(StandardCharsets.US_ASCII);
    }

    private static int read(String text) {
        return new NumberReader(bytes(text), 100).read(AT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "7",
                "-0.0",
                "0.5",
                "1.25",
                "12345678",
                "123456789",
                "1234567.5",
                "12345678.5",
                "123456789.5",
                "-1234567.25",
                "0.123456",
                "0.1234567",
                "0.12345678",
                "1e5",
                "1E+05",
                "1.5e-5",
                "-0e0",
                "12345678e1",
                "123456789012345678901234567890",
                "0.123456789012345678901234567890E-10"
            })
    void numbers(String text) {
        assertThat(read(text)).isEqualTo(AT + text.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                ".",
                ".5",
                "-.5",
                "1.",
                "-1.e5",
                "00",
                "01",
                "-01",
                "00.5",
                "012345678",
                "012345678.5",
                "12345678.",
                "123456789.e1",
                "1e",
                "1e+",
                "1.5E-",
                "12345678e",
                "x",
                "[",
                ",1",
                " 1"
            })
    void noNumbers(String text) {
        assertThat(read(text)).isEqualTo(NumberReader.GAVE_UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "x", "00", "01", "1234567890", " 1"})
    void noIntegers(String text) {
        assertThat(new NumberReader(bytes(text), 100).readInteger(AT)).isEqualTo(NumberReader.GAVE_UP);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, 97, 120, 123_456_789, 999_999_999})
    void integers(int value) {
        NumberReader reader = new NumberReader(bytes(Integer.toString(value)), 100);
        assertThat(reader.readInteger(AT))
                .isEqualTo(AT + Integer.toString(value).length());
        assertThat(reader.integer()).isEqualTo(value);
    }
}
