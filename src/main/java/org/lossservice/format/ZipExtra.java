package org.lossservice.format;

import static org.lossservice.format.ZipFields.require;

import org.lossservice.tensor.FaultException;

/**
 * The extra field of a header in a zip file. What it says of zip64 is taken one by one, in order, for each value that has no
 * room where it belongs; whatever else it says, such as times, is passed over.
 */
final class ZipExtra {

    /** Stands for a value of 4 bytes that is here. */
    static final long HERE = 0xFFFFFFFFL;

    private static final int ZIP64 = 1;
    private static final int UNICODE_PATH = 0x7075;

    private final ZipFields file;
    private int at;
    private int end;

    /**
     * The extra field of {@code size} bytes at {@code start}.
     *
     * @throws FaultException where its parts do not fill it exactly, or give the entry a second name
     */
    ZipExtra(ZipFields file, int start, int size) {
        this.file = file;
        int next;
        for (int field = start; field < start + size; field = next) {
            int left = start + size - field;
            next = field + 4 + (left < 4 ? 0 : file.uint16(field + 2));
            require(next <= start + size, field, "an extra field of the zip file is cut short");
            require(file.uint16(field) != UNICODE_PATH, field, "an entry of the zip file has two names");
            if (file.uint16(field) == ZIP64) {
                require(end == 0, field, "an entry of the zip file has two zip64 fields");
                at = field + 4;
                end = next;
            }
        }
    }

    /** The value that {@code narrow} stands for: itself, or the next of the zip64 field. */
    long value(long narrow) {
        if (narrow != HERE) {
            return narrow;
        }
        require(end - at >= 8, at, "an entry of the zip file has no zip64 field where it needs one");
        at += 8;
        return file.int64(at - 8);
    }
}
