package org.lossservice.format;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates an entry of a zip file, by as many bytes as are asked for and no more. */
final class Inflation implements AutoCloseable {

    private final ZipEntry entry;
    private final Inflater inflater = new Inflater(true);

    Inflation(byte[] body, ZipEntry entry) {
        this.entry = entry;
        inflater.setInput(body, entry.start(), entry.packed());
    }

    /** Fills the first {@code length} bytes of {@code target} with those that come next. */
    void fill(byte[] target, int length) {
        int filled = 0;
        while (filled < length) {
            int read = inflate(target, filled, length - filled);
            if (read == 0) {
                throw entry.malformed("inflates to fewer bytes than the directory says");
            }
            filled += read;
        }
    }

    /** Refuses an entry that has more bytes than were asked for, or that goes on after its last block. */
    void requireEnd() {
        if (inflate(new byte[1], 0, 1) > 0) {
            throw entry.malformed("inflates to more bytes than the directory says");
        }
        if (inflater.getBytesRead() != entry.packed()) {
            throw entry.malformed("goes on after the end of its deflated data");
        }
    }

    /** Inflates at least one byte; none only at the end. */
    private int inflate(byte[] target, int offset, int length) {
        try {
            int read = inflater.inflate(target, offset, length);
            if (read == 0 && !inflater.finished()) {
                throw entry.malformed("is cut short, or needs a dictionary");
            }
            return read;
        } catch (DataFormatException e) {
            throw entry.malformed("is not deflated data");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
