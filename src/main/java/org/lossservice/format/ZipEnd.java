package org.lossservice.format;

import static org.lossservice.format.ZipFields.require;

import java.nio.charset.StandardCharsets;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * What the end of a zip file says of its directory: in the last 22 bytes, because no file with a comment is read here,
 * and with zip64 in a wider record in front of them.
 *
 * @param start where the directory starts
 * @param end one past its last byte
 * @param entries how many entries it has
 */
record ZipEnd(int start, int end, int entries) {

    /** The most entries: every one is held in memory before its name is looked at. */
    static final int MOST_ENTRIES = 1000;

    static final int SIGNATURE = 0x06054b50;
    private static final int WIDE = 0x06064b50;
    private static final int LOCATOR = 0x07064b50;

    private static final int SIZE = 22;
    private static final int WIDE_SIZE = 56;
    private static final int LOCATOR_SIZE = 20;

    /**
     * Reads the end of a file.
     *
     * @throws FaultException {@code MALFORMED_NPZ} where there is none or it contradicts itself, {@code TOO_LARGE} where it
     *     says that there are too many entries
     */
    static ZipEnd read(ZipFields file) {
        require(
                !startsAsNpy(file),
                0,
                "this is a single npy array; an npz file holds one for each tensor (numpy.savez)");
        int at = file.length() - SIZE;
        require(at >= 0 && file.bits32(at) == SIGNATURE && file.uint16(at + 20) == 0, Math.max(0, at), noEnd(file));
        long count = file.uint16(at + 10);
        require(file.bits32(at + 4) == 0 && file.uint16(at + 8) == count, at, "the zip file is split over several");
        long size = file.uint32(at + 12);
        long start = file.uint32(at + 16);
        int end = at;
        if (start + size != at) {
            end = at - LOCATOR_SIZE - WIDE_SIZE;
            requireWide(file, end, count, size, start);
            count = file.int64(end + 32);
            size = file.int64(end + 40);
            start = file.int64(end + 48);
        }
        require(
                start >= 0 && size >= 0 && start <= file.length() && start + size == end,
                at,
                "the zip file's directory is not where its end says");
        if (count < 0 || count > MOST_ENTRIES) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    "the npz file has " + Long.toUnsignedString(count) + " entries, the limit is " + MOST_ENTRIES));
        }
        return new ZipEnd((int) start, end, (int) count);
    }

    private static boolean startsAsNpy(ZipFields file) {
        int magic = NpyHeader.MAGIC.length();
        return file.length() >= magic
                && file.text(0, magic, StandardCharsets.ISO_8859_1).equals(NpyHeader.MAGIC);
    }

    /** What is wrong with a file that does not end as one. */
    private static String noEnd(ZipFields file) {
        return file.length() == 0
                ? "the body is empty"
                : "the body does not end as a zip file does: it is cut short, is something else, has a comment, or bytes"
                        + " follow it";
    }

    private static void requireWide(ZipFields file, int at, long count, long size, long start) {
        int locator = at + WIDE_SIZE;
        require(
                at >= 0 && file.bits32(at) == WIDE && file.bits32(locator) == LOCATOR,
                file.length() - SIZE,
                "the zip file's directory is not where its end says");
        boolean whole = file.int64(at + 4) == WIDE_SIZE - 12
                && file.bits32(at + 16) == 0
                && file.bits32(at + 20) == 0
                && file.int64(at + 24) == file.int64(at + 32)
                && file.bits32(locator + 4) == 0
                && file.int64(locator + 8) == at
                && file.bits32(locator + 16) == 1;
        boolean agrees = (count == 0xFFFF || count == file.int64(at + 32))
                && (size == ZipExtra.HERE || size == file.int64(at + 40))
                && (start == ZipExtra.HERE || start == file.int64(at + 48));
        require(whole && agrees, at, "the zip file's two ends contradict each other");
    }
}
