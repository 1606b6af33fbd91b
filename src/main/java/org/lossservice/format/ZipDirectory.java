package org.lossservice.format;

import static org.lossservice.format.ZipFields.require;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.lossservice.tensor.FaultException;

/**
 * Reads the structure of a zip file held in memory, as PKWARE's APPNOTE 6.3.10 gives it, zip64 and data descriptors
 * included.
 *
 * <p>A zip file says most things twice, and readers differ in which they believe. Here both must agree, and the entries,
 * the directory and its end must cover the body exactly, so that every reader sees the same file.
 * {@link java.util.zip.ZipFile} wants a file on disk and takes gaps, overlaps and bytes in front;
 * {@link java.util.zip.ZipInputStream} never looks at the directory. So the structure is read here, and the JDK inflates
 * and computes the CRC.
 */
final class ZipDirectory {

    static final int LOCAL = 0x04034b50;
    static final int CENTRAL = 0x02014b50;
    private static final int DESCRIPTOR = 0x08074b50;

    private static final int LOCAL_SIZE = 30;
    private static final int CENTRAL_SIZE = 46;

    private static final int DESCRIBED_LATER = 1 << 3;
    private static final int UTF_8 = 1 << 11;
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int HARMLESS = 1 << 1 | 1 << 2 | DESCRIBED_LATER | UTF_8;

    /** What the directory says of an entry; {@code at} is where it says so, {@code local} where the entry starts. */
    private record Central(
            int at, int flags, int method, int crc, long packed, long size, long local, int nameLength) {}

    private final ZipFields file;

    private ZipDirectory(ZipFields file) {
        this.file = file;
    }

    /**
     * The entries of the zip file in the first {@code length} bytes of {@code body}, in the order in which they lie.
     *
     * @throws FaultException {@code MALFORMED_NPZ} where it is not exactly a zip file, {@code TOO_LARGE} where it has too
     *     many entries
     */
    static List<ZipEntry> read(byte[] body, int length) {
        return new ZipDirectory(new ZipFields(body, length)).read();
    }

    private List<ZipEntry> read() {
        ZipEnd end = ZipEnd.read(file);
        return entries(directory(end), end.start());
    }

    private List<Central> directory(ZipEnd end) {
        List<Central> entries = new ArrayList<>(end.entries());
        int at = end.start();
        for (int i = 0; i < end.entries(); i++) {
            require(
                    end.end() - at >= CENTRAL_SIZE && file.bits32(at) == CENTRAL,
                    at,
                    "the zip file's directory is cut short");
            int name = file.uint16(at + 28);
            int extra = file.uint16(at + 30);
            int next = at + CENTRAL_SIZE + name + extra + file.uint16(at + 32);
            require(next <= end.end(), at, "the zip file's directory is cut short");
            require(file.uint16(at + 34) == 0, at, "the zip file is split over several");
            ZipExtra wide = new ZipExtra(file, at + CENTRAL_SIZE + name, extra);
            long size = wide.value(file.uint32(at + 24));
            long packed = wide.value(file.uint32(at + 20));
            long local = wide.value(file.uint32(at + 42));
            entries.add(new Central(
                    at, file.uint16(at + 8), file.uint16(at + 10), file.bits32(at + 16), packed, size, local, name));
            at = next;
        }
        require(at == end.end(), at, "bytes follow the zip file's directory");
        entries.sort(Comparator.comparingLong(Central::local));
        return entries;
    }

    /** Walks over the entries in the order in which they lie: each must begin where the one before it ends. */
    private List<ZipEntry> entries(List<Central> directory, int end) {
        List<ZipEntry> entries = new ArrayList<>(directory.size());
        int at = 0;
        for (int i = 0; i < directory.size(); i++) {
            Central central = directory.get(i);
            require(
                    central.local() == at,
                    at,
                    central.local() < at
                            ? "entries of the zip file overlap"
                            : "bytes lie between entries of the zip file");
            int start = requireLocal(central, at, end);
            require(
                    central.packed() >= 0 && central.packed() <= end - start,
                    at,
                    "an entry of the zip file is longer than the file");
            require(central.size() >= 0, at, "an entry of the zip file has a negative size");
            int packed = (int) central.packed();
            boolean deflated = central.method() == 8;
            require(deflated || central.size() == packed, at, "a stored entry of the zip file has two sizes");
            entries.add(new ZipEntry(name(central), deflated, central.crc(), start, packed, central.size()));
            at = start + packed;
            if ((central.flags() & DESCRIBED_LATER) != 0) {
                long next = i + 1 < directory.size() ? directory.get(i + 1).local() : end;
                requireDescriptor(central, at, next, end);
                at = (int) next;
            }
        }
        require(at == end, at, "bytes lie between the entries of the zip file and its directory");
        return entries;
    }

    /** Checks an entry's own header against the directory, and returns where its bytes start. */
    private int requireLocal(Central central, int at, int end) {
        require(end - at >= LOCAL_SIZE && file.bits32(at) == LOCAL, at, "an entry of the zip file has no header");
        int flags = central.flags();
        require((flags & ENCRYPTED) == 0, at, "an entry of the zip file is encrypted");
        require((flags & ~HARMLESS) == 0, at, "an entry of the zip file has flags that are not known here");
        require(
                central.method() == 0 || central.method() == 8,
                at,
                "an entry of the zip file is compressed by method " + central.method()
                        + "; stored (numpy.savez) and deflated (numpy.savez_compressed) work");
        int name = file.uint16(at + 26);
        int extra = file.uint16(at + 28);
        int start = at + LOCAL_SIZE + name + extra;
        require(start <= end, at, "the header of an entry of the zip file is cut short");
        ZipExtra wide = new ZipExtra(file, at + LOCAL_SIZE + name, extra);
        long size = wide.value(file.uint32(at + 22));
        long packed = wide.value(file.uint32(at + 18));
        int crc = file.bits32(at + 14);
        boolean later = (flags & DESCRIBED_LATER) != 0;
        boolean agrees = file.uint16(at + 6) == flags
                && file.uint16(at + 8) == central.method()
                && (crc == central.crc() || (later && crc == 0))
                && (size == central.size() || (later && size == 0))
                && (packed == central.packed() || (later && packed == 0))
                && name == central.nameLength()
                && file.equal(at + LOCAL_SIZE, central.at() + CENTRAL_SIZE, name);
        require(agrees, at, "an entry of the zip file and its directory contradict each other");
        return start;
    }

    /** A data descriptor has no length of its own: with or without signature, with sizes of 4 or of 8 bytes. */
    private void requireDescriptor(Central central, int at, long next, int end) {
        long size = next - at;
        boolean signed = size == 16 || size == 24;
        require(
                next <= end && (size == 12 || size == 20 || signed),
                at,
                "the data descriptor of an entry of the zip file is not whole");
        int crc = signed ? at + 4 : at;
        boolean wide = size >= 20;
        long packed = wide ? file.int64(crc + 4) : file.uint32(crc + 4);
        long unpacked = wide ? file.int64(crc + 12) : file.uint32(crc + 8);
        require(
                (!signed || file.bits32(at) == DESCRIPTOR)
                        && file.bits32(crc) == central.crc()
                        && packed == central.packed()
                        && unpacked == central.size(),
                at,
                "the data descriptor of an entry of the zip file contradicts the directory");
    }

    private String name(Central central) {
        Charset charset = (central.flags() & UTF_8) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        return file.text(central.at() + CENTRAL_SIZE, central.nameLength(), charset);
    }
}
