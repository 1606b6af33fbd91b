package org.lossservice.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * A gzipped body (RFC 1952) as it is inflated: one member or several, and nothing else. {@link java.util.zip.GZIPInputStream}
 * ignores what follows a member without being one, and does not tell at which byte it failed.
 */
final class GzipBody extends InputStream {

    /** Bytes that follow the magic bytes and the method: flags, a time, and two that are of no use here. */
    private static final int REST_OF_HEADER = 7;

    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0b111 << 5;

    private final InputStream in;
    private final LongConsumer progress;
    private final byte[] buffer = new byte[8192];
    private final Inflater inflater = new Inflater(true);
    /** The CRC of the member's header, then that of what the member inflates to. */
    private final CRC32 crc = new CRC32();

    private int at;
    private int end;
    /** How many bytes of the body came before those in the buffer. */
    private long before;

    private boolean inMember;
    private long inflated;

    /** @param progress told after each read how many bytes have come in, or have been inflated, whichever are more */
    GzipBody(InputStream in, LongConsumer progress) {
        this.in = in;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    /**
     * Inflates at least one byte, unless the body is at its end.
     *
     * @throws FaultException {@code MALFORMED_ENCODING} where the body is not gzip
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (inMember || (before + end == 0 || at < end || fill())) {
            if (!inMember) {
                readHeader();
                inMember = true;
            }
            int read = inflate(target, offset, length);
            if (read > 0) {
                crc.update(target, offset, read);
                inflated += read;
                return read;
            }
            readTrailer();
            inMember = false;
        }
        return -1;
    }

    /** Inflates at least one byte, unless the member is at its end. */
    private int inflate(byte[] target, int offset, int length) throws IOException {
        while (true) {
            int read;
            try {
                read = inflater.inflate(target, offset, length);
            } catch (DataFormatException e) {
                at = end - inflater.getRemaining();
                throw malformed("the body is not deflated data, as its gzip header says");
            }
            at = end - inflater.getRemaining();
            if (read > 0 || inflater.finished()) {
                return read;
            }
            if (inflater.needsDictionary()) {
                throw malformed("the gzipped body needs a dictionary");
            }
            if (!fill()) {
                throw cutShort();
            }
            inflater.setInput(buffer, 0, end);
        }
    }

    private void readHeader() throws IOException {
        crc.reset();
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            at--;
            throw malformed(
                    before + at < 3
                            ? "the body is not gzip, as Content-Encoding says"
                            : "what follows the gzipped body is not gzip");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            at--;
            throw malformed("the gzip header has flags that are not known");
        }
        skip(REST_OF_HEADER - 1);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        for (int text = flags & (NAME | COMMENT); text != 0; text &= text - 1) {
            while (next() != 0) {
                // on to the zero at its end
            }
        }
        int expected = (int) crc.getValue() & 0xFFFF;
        if ((flags & HEADER_CRC) != 0 && (next() | next() << 8) != expected) {
            throw malformed("the gzip header does not have the CRC that it says");
        }
        crc.reset();
        inflater.reset();
        inflater.setInput(buffer, at, end - at);
    }

    private void readTrailer() throws IOException {
        long expected = crc.getValue();
        if (uint32() != expected) {
            throw malformed("the inflated body does not have the CRC-32 that its gzip trailer says");
        }
        if (uint32() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw malformed("the inflated body does not have the length that its gzip trailer says");
        }
    }

    private long uint32() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private int next() throws IOException {
        if (at == end && !fill()) {
            throw cutShort();
        }
        int next = buffer[at++] & 0xFF;
        crc.update(next);
        return next;
    }

    /** Replaces the buffer's bytes, which are all used, by those that come next; false at the end of the body. */
    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        if (read < 0) {
            return false;
        }
        before += end;
        at = 0;
        end = read;
        progress.accept(Math.max(before + end, inflated));
        return true;
    }

    private FaultException cutShort() {
        return malformed(before + at == 0 ? "the body is empty, not gzip" : "the gzipped body is cut short");
    }

    private FaultException malformed(String detail) {
        long offset = before + at;
        return new FaultException(Fault.at(FaultCode.MALFORMED_ENCODING, offset, detail + " (at byte " + offset + ")"));
    }

    @Override
    public void close() {
        inflater.end();
    }
}
