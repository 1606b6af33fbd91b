package org.lossservice.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import org.lossservice.tensor.FaultException;

/** The fields of a zip file held in memory, by where they are: its numbers are little-endian. */
final class ZipFields {

    private final byte[] body;
    private final int length;
    private final ByteBuffer bytes;

    /** The fields of the first {@code length} bytes of {@code body}. */
    ZipFields(byte[] body, int length) {
        this.body = body;
        this.length = length;
        this.bytes = ByteBuffer.wrap(body, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many bytes the file has. */
    int length() {
        return length;
    }

    int uint16(int at) {
        return bytes.getShort(at) & 0xFFFF;
    }

    /** The bits of 4 bytes, for signatures and checksums. */
    int bits32(int at) {
        return bytes.getInt(at);
    }

    long uint32(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    /** A number of 8 bytes; negative where it is beyond a long, as it is in no file that can be held in memory. */
    long int64(int at) {
        return bytes.getLong(at);
    }

    boolean equal(int at, int other, int size) {
        return bytes.slice(at, size).equals(bytes.slice(other, size));
    }

    String text(int at, int size, Charset charset) {
        return new String(body, at, size, charset);
    }

    /**
     * Holds the file to its format.
     *
     * @param at the byte at fault
     * @throws FaultException {@code MALFORMED_NPZ} where it is not {@code right}
     */
    static void require(boolean right, long at, String detail) {
        if (!right) {
            throw ZipEntry.malformed(at, detail);
        }
    }
}
