package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A buffer of JSON text in front of a stream. Arrays of numbers are put straight into it, past the generator. */
final class JsonText extends OutputStream {

    private static final int CAPACITY = 8192;

    /** Enough for small answers, of which there are many. */
    private static final int FIRST_CAPACITY = 1024;

    private final OutputStream out;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int size;

    JsonText(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int c) throws IOException {
        reserve(1);
        buffer[size++] = (byte) c;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > CAPACITY) {
            drain();
            out.write(bytes, offset, length);
            return;
        }
        reserve(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    /** Writes an array of the numbers from {@code start} on. */
    void writeArray(float[] numbers, int start, int length, NumberTexts texts) throws IOException {
        write('[');
        for (int i = start; i < start + length; ) {
            int end = Math.min(start + length, i + roomForNumbers());
            size = texts.write(numbers, i, end, buffer, size);
            i = end;
        }
        endArray(length);
    }

    /** Writes an array of the numbers from {@code start} on. */
    void writeArray(double[] numbers, int start, int length, NumberTexts texts) throws IOException {
        write('[');
        for (int i = start; i < start + length; ) {
            int end = Math.min(start + length, i + roomForNumbers());
            size = texts.write(numbers, i, end, buffer, size);
            i = end;
        }
        endArray(length);
    }

    /** The bracket takes the place of the last comma. */
    private void endArray(int length) throws IOException {
        size -= length == 0 ? 0 : 1;
        write(']');
    }

    /** How many there is room for, one at least. */
    private int roomForNumbers() throws IOException {
        reserve(NumberTexts.ROOM);
        return (buffer.length - size) / NumberTexts.ROOM;
    }

    private void reserve(int length) throws IOException {
        while (size > buffer.length - length) {
            makeRoom();
        }
    }

    private void makeRoom() throws IOException {
        if (buffer.length < CAPACITY) {
            buffer = Arrays.copyOf(buffer, CAPACITY);
        } else {
            drain();
        }
    }

    /** Passes on what is held. */
    void drain() throws IOException {
        int length = size;
        size = 0;
        out.write(buffer, 0, length);
    }
}
