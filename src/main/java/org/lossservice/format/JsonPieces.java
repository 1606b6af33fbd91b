package org.lossservice.format;

import java.io.InputStream;

/**
 * The body in pieces, each of which ends where an array starts: when the parser that reads it comes to an array, it has
 * taken nothing of what is inside, and the array can be left out.
 */
final class JsonPieces extends InputStream {

    private final byte[] body;
    private final int length;
    private int at;

    JsonPieces(byte[] body, int length) {
        this.body = body;
        this.length = length;
    }

    /** Where the next piece starts. */
    int position() {
        return at;
    }

    /** Leaves out what is between the next piece and {@code position}. */
    void moveTo(int position) {
        at = position;
    }

    @Override
    public int read() {
        return at < length ? body[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int size) {
        if (at == length) {
            return -1;
        }
        int end = Math.min(length, at + size);
        int start = at;
        while (at < end && body[at++] != '[') {
            // goes on to the end of the piece
        }
        System.arraycopy(body, start, buffer, offset, at - start);
        return at - start;
    }
}
