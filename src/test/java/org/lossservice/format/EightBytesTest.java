package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight bytes at once give what one after the other gives. */
class EightBytesTest {

    private static final String NUMBERS = "0123456789+-., \t\n\r";
    private static final String MARKED = "[]{}\"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SplittableRandom random = new SplittableRandom(1);

    private byte[] bytes(String alphabet, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    private static byte of(long word, int index) {
        return (byte) (word >> (8 * index));
    }

    @Test
    void whatIsBeyondTheArrayIsZero() {
        byte[] bytes = {-1, 2, 3, 4, -5, 6, 7, 8, -9, 10, 11};
        for (int at = 0; at <= bytes.length; at++) {
            byte[] expected = Arrays.copyOfRange(bytes, at, at + Long.BYTES);
            long word = EightBytes.padded(bytes, at);
            for (int i = 0; i < Long.BYTES; i++) {
                assertThat(of(word, i)).isEqualTo(expected[i]);
                assertThat(EightBytes.at(i, word)).isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void bytesAreFound() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(random.nextBoolean() ? NUMBERS : NUMBERS + MARKED, Long.BYTES);
            String text = new String(bytes, StandardCharsets.US_ASCII);
            long word = EightBytes.get(bytes, 0);
            assertFound(EightBytes.marks(word), 0x40, text, MARKED::indexOf);
            assertFound(EightBytes.others(word), 0x80, text, c -> Character.isDigit(c) ? -1 : 0);
            assertThat(EightBytes.commas(word)).as(text).isEqualTo((int)
                    text.chars().filter(c -> c == ',').count());
        }
    }

    /** Asserts that {@code bit} is set in those bytes that have an index. */
    private static void assertFound(long bits, int bit, String text, IntUnaryOperator index) {
        int first = Long.BYTES;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            boolean found = index.applyAsInt(text.charAt(i)) >= 0;
            assertThat(of(bits, i)).as("%s, byte %s", text, i).isEqualTo((byte) (found ? bit : 0));
            first = found ? i : first;
        }
        assertThat(EightBytes.first(bits)).as(text).isEqualTo(first);
    }

    @Test
    void ascii() {
        for (int i = 0; i < Long.BYTES; i++) {
            assertThat(EightBytes.isAscii(0x7FL << (8 * i))).isTrue();
            assertThat(EightBytes.isAscii(0x80L << (8 * i))).isFalse();
        }
    }

    @Test
    void digitsAreValues() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes("0123456789", Long.BYTES);
            int count = random.nextInt(Long.BYTES + 1);
            String digits = new String(bytes, 0, count, StandardCharsets.US_ASCII);
            Arrays.fill(bytes, count, Long.BYTES, (byte) random.nextInt(-128, 128));
            long value = EightBytes.value(EightBytes.get(bytes, 0), count);
            assertThat(value).as(digits).isEqualTo(count == 0 ? 0 : Long.parseLong(digits));
        }
    }

    @Test
    void theFirstIsLeftOut() {
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = bytes(NUMBERS, Long.BYTES);
            long bits = (random.nextLong() & 0x8080_8080_8080_8080L) | 1L << 63;
            int first = Long.numberOfTrailingZeros(bits) / 8;
            byte[] left = new byte[Long.BYTES];
            for (int i = 0, to = 0; i < Long.BYTES; i++) {
                if (i != first) {
                    left[to++] = bytes[i];
                }
            }
            assertThat(EightBytes.withoutFirst(bits, EightBytes.get(bytes, 0))).isEqualTo(EightBytes.get(left, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "E-308", "12345678"})
    void texts(String text) {
        byte[] bytes = new byte[Long.BYTES];
        EightBytes.put(bytes, 0, EightBytes.of(text));
        assertThat(new String(bytes, StandardCharsets.US_ASCII))
                .isEqualTo(text + "\0".repeat(Long.BYTES - text.length()));
    }
}
