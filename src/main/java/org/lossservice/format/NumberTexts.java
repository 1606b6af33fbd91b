package org.lossservice.format;

/**
 * The texts of numbers, each the shortest that reads back to the same value of its dtype. A gradient may repeat its numbers:
 * with p = 1 a row holds but a few, and a copy costs a fraction of making one. So the texts of those that came twice are kept;
 * where all differ, this costs but a look. Floats and doubles have code of their own: one method for the keys of both was some
 * 7 % slower.
 */
final class NumberTexts {

    /** The bytes that may be written to for each number, of which its text and a comma are the first. */
    static final int ROOM = DecimalText.ROOM;

    /** As many as the longest text has. */
    private static final int WIDTH = 3 * Long.BYTES;

    private static final int KEPT_BITS = 6;

    /** Spreads bits that differ anywhere over the highest: 2^64 over the golden ratio. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** With a float's bits it is a double that is no number, so that the keys of floats are none of doubles. */
    private static final long FLOAT = 0x7FF8_0000_0000_0000L;

    /** Of each slot, whose text is kept. */
    private final long[] kept = new long[1 << KEPT_BITS];

    /** Of each slot, what came last that was not kept. */
    private final long[] last = new long[1 << KEPT_BITS];

    private final byte[] lengths = new byte[1 << KEPT_BITS];

    private final byte[] texts = new byte[WIDTH * (1 << KEPT_BITS)];

    NumberTexts() {
        // what the arrays begin with is the key of zero
        byte[] zero = new byte[ROOM];
        keep(0, ShortestDecimal.write(0.0, zero, 0), zero, 0);
    }

    /** Writes the texts of finite numbers, each with a comma behind, and returns where they end. */
    int write(float[] numbers, int from, int end, byte[] to, int start) {
        int at = start;
        for (int i = from; i < end; i++) {
            at += write(numbers[i], to, at);
            to[at++] = ',';
        }
        return at;
    }

    private int write(float number, byte[] to, int at) {
        long key = FLOAT | Integer.toUnsignedLong(Float.floatToRawIntBits(number));
        int slot = slot(key);
        if (kept[slot] == key) {
            return copy(slot, to, at);
        }
        if (last[slot] == key) {
            return keep(key, ShortestDecimal.write(number, to, at), to, at);
        }
        last[slot] = key;
        return ShortestDecimal.write(number, to, at);
    }

    /** Writes the texts of finite numbers, each with a comma behind, and returns where they end. */
    int write(double[] numbers, int from, int end, byte[] to, int start) {
        int at = start;
        for (int i = from; i < end; i++) {
            at += write(numbers[i], to, at);
            to[at++] = ',';
        }
        return at;
    }

    private int write(double number, byte[] to, int at) {
        long key = Double.doubleToRawLongBits(number);
        int slot = slot(key);
        if (kept[slot] == key) {
            return copy(slot, to, at);
        }
        if (last[slot] == key) {
            return keep(key, ShortestDecimal.write(number, to, at), to, at);
        }
        last[slot] = key;
        return ShortestDecimal.write(number, to, at);
    }

    private static int slot(long key) {
        return (int) ((key * SPREAD) >>> (Long.SIZE - KEPT_BITS));
    }

    /** Keeps a text that was written now, and returns its length. */
    private int keep(long key, int length, byte[] written, int at) {
        int slot = slot(key);
        System.arraycopy(written, at, texts, slot * WIDTH, length);
        lengths[slot] = (byte) length;
        kept[slot] = key;
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
