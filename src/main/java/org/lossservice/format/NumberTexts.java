package org.lossservice.format;

/**
 * The texts of numbers, each the shortest that reads back to the same value of its dtype. A gradient may repeat its numbers: with
 * p = 1 a row holds but a few, and a copy costs a fraction of making one. So the texts of those that came twice are kept; where all
 * differ, this costs but a look.
 */
final class NumberTexts {

    /** The bytes that may be written to, of which the text is the first. */
    static final int ROOM = DecimalText.ROOM;

    /** As many as the longest text has. */
    private static final int WIDTH = 3 * Long.BYTES;

    private static final int KEPT_BITS = 6;

    /** Spreads bits that differ anywhere over the highest: 2^64 over the golden ratio. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** With a float's bits it is a double that is no number, so that the keys of floats are none of doubles. */
    private static final long FLOAT = 0x7FF8_0000_0000_0000L;

    private final long[] keys = new long[1 << KEPT_BITS];

    /** Zero where the number was seen once, and its text was not kept. */
    private final byte[] lengths = new byte[1 << KEPT_BITS];

    private final byte[] texts = new byte[WIDTH * (1 << KEPT_BITS)];

    /** Writes the text of a finite number, and returns its length. */
    int write(float number, byte[] to, int at) {
        long key = FLOAT | Integer.toUnsignedLong(Float.floatToRawIntBits(number));
        return isKept(key) ? copy(slot(key), to, at) : noted(key, ShortestDecimal.write(number, to, at), to, at);
    }

    /** Writes the text of a finite number, and returns its length. */
    int write(double number, byte[] to, int at) {
        long key = Double.doubleToRawLongBits(number);
        return isKept(key) ? copy(slot(key), to, at) : noted(key, ShortestDecimal.write(number, to, at), to, at);
    }

    private static int slot(long key) {
        return (int) ((key * SPREAD) >>> (Long.SIZE - KEPT_BITS));
    }

    private boolean isKept(long key) {
        int slot = slot(key);
        return keys[slot] == key && lengths[slot] != 0;
    }

    /** Keeps a text that was written now, where it was the last of its slot before, too; returns its length. */
    private int noted(long key, int length, byte[] written, int at) {
        int slot = slot(key);
        if (keys[slot] == key) {
            System.arraycopy(written, at, texts, slot * WIDTH, length);
            lengths[slot] = (byte) length;
        } else {
            keys[slot] = key;
            lengths[slot] = 0;
        }
        return length;
    }

    private int copy(int slot, byte[] to, int at) {
        // three words, whatever the length: a call of arraycopy costs more than all else here
        for (int i = 0; i < WIDTH; i += Long.BYTES) {
            EightBytes.put(to, at + i, EightBytes.get(texts, slot * WIDTH + i));
        }
        return lengths[slot];
    }
}
