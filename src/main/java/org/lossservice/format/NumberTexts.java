package org.lossservice.format;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.NumberOutput;

/**
 * The texts of numbers, each the shortest that reads back to the same value of its dtype; those made lately are kept. A
 * gradient repeats its numbers: with p = 1 a row holds but a few, and a copy costs a tenth of making one.
 */
final class NumberTexts {

    /** The bytes that a copy may write to, of which the text is the first: as many as the longest has. */
    static final int WIDTH = 3 * Long.BYTES;

    private static final int KEPT_BITS = 6;

    /** Spreads bits that differ anywhere over the highest: 2^64 over the golden ratio. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** With a float's bits it is a double that is no number, so that the keys of floats are none of doubles. */
    private static final long FLOAT = 0x7FF8_0000_0000_0000L;

    private final long[] keys = new long[1 << KEPT_BITS];
    private final byte[] lengths = new byte[1 << KEPT_BITS];
    private final byte[] texts = new byte[WIDTH * (1 << KEPT_BITS)];

    /** Copies the text of a number, and returns its length. */
    int copy(float number, byte[] to, int at) {
        long key = FLOAT | Integer.toUnsignedLong(Float.floatToRawIntBits(number));
        int slot = slot(key);
        if (keys[slot] != key || lengths[slot] == 0) {
            keep(slot, key, NumberOutput.toString(number, true));
        }
        return copy(slot, to, at);
    }

    /** Copies the text of a number, and returns its length. */
    int copy(double number, byte[] to, int at) {
        long key = Double.doubleToRawLongBits(number);
        int slot = slot(key);
        if (keys[slot] != key || lengths[slot] == 0) {
            keep(slot, key, NumberOutput.toString(number, true));
        }
        return copy(slot, to, at);
    }

    private static int slot(long key) {
        return (int) ((key * SPREAD) >>> (Long.SIZE - KEPT_BITS));
    }

    private void keep(int slot, long key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        keys[slot] = key;
        lengths[slot] = (byte) bytes.length;
        System.arraycopy(bytes, 0, texts, slot * WIDTH, bytes.length);
    }

    private int copy(int slot, byte[] to, int at) {
        // three words, whatever the length: a call of arraycopy costs more than all else here
        for (int i = 0; i < WIDTH; i += Long.BYTES) {
            EightBytes.put(to, at + i, EightBytes.get(texts, slot * WIDTH + i));
        }
        return lengths[slot];
    }
}
