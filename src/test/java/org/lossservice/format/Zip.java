package org.lossservice.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Builds zip files byte by byte, in all the ways that writers do, for tests that then spoil some of the bytes. */
public final class Zip {

    /** How an entry is written. */
    public enum How {
        STORED,
        DEFLATED,
        /** With a data descriptor of 16 bytes. */
        DESCRIBED,
        /** With a data descriptor without signature, 12 bytes. */
        DESCRIBED_UNSIGNED,
        /** Deflated, with zip64 sizes and a data descriptor of 24 bytes: numpy to a pipe. */
        DESCRIBED_WIDE,
        /** Deflated, with zip64 sizes and a data descriptor without signature, 20 bytes. */
        DESCRIBED_WIDE_UNSIGNED,
        /** With zip64 sizes in both headers. */
        WIDE
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<byte[]> directory = new ArrayList<>();
    private final List<Integer> locals = new ArrayList<>();
    private int centralStart;

    /** Adds an array, stored. */
    public Zip add(String tensor, byte[] array) {
        return add(tensor + ".npy", array, How.STORED);
    }

    public Zip add(String name, byte[] content, How how) {
        boolean deflated = how == How.DEFLATED || how == How.DESCRIBED_WIDE || how == How.DESCRIBED_WIDE_UNSIGNED;
        byte[] packed = deflated ? deflate(content) : content;
        return add(name, content, packed, deflated ? 8 : 0, how);
    }

    /** Adds an entry whose packed bytes are given. */
    public Zip add(String name, byte[] content, byte[] packed, int method, How how) {
        CRC32 crc = new CRC32();
        crc.update(content);
        boolean later = how.name().startsWith("DESCRIBED");
        boolean wide = how.name().contains("WIDE");
        byte[] ascii = name.getBytes(StandardCharsets.UTF_8);
        int offset = out.size();
        locals.add(offset);
        long size = content.length;

        ByteBuffer local = buffer(30 + ascii.length + (wide ? 20 : 0)).putInt(0x04034b50);
        common(local, later, method, later ? 0 : (int) crc.getValue());
        sizes(local, wide, later ? 0 : packed.length, later ? 0 : size);
        local.putShort((short) ascii.length).putShort((short) (wide ? 20 : 0)).put(ascii);
        if (wide) {
            local.putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(later ? 0 : size)
                    .putLong(later ? 0 : packed.length);
        }
        out.writeBytes(bytes(local));
        out.writeBytes(packed);
        if (later) {
            out.writeBytes(descriptor(how, (int) crc.getValue(), packed.length, size));
        }

        boolean wideCentral = how == How.WIDE;
        ByteBuffer central = buffer(46 + ascii.length + (wideCentral ? 28 : 0))
                .putInt(0x02014b50)
                .putShort((short) 45);
        common(central, later, method, (int) crc.getValue());
        sizes(central, wideCentral, packed.length, size);
        central.putShort((short) ascii.length).putShort((short) (wideCentral ? 28 : 0));
        central.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        central.putInt(wideCentral ? -1 : offset).put(ascii);
        if (wideCentral) {
            central.putShort((short) 1)
                    .putShort((short) 24)
                    .putLong(size)
                    .putLong(packed.length)
                    .putLong(offset);
        }
        directory.add(bytes(central));
        return this;
    }

    private static void common(ByteBuffer header, boolean later, int method, int crc) {
        header.putShort((short) 45).putShort((short) (later ? 8 : 0)).putShort((short) method);
        header.putInt(0x00210000).putInt(crc);
    }

    private static void sizes(ByteBuffer header, boolean wide, long packed, long size) {
        header.putInt(wide ? -1 : (int) packed).putInt(wide ? -1 : (int) size);
    }

    private static byte[] descriptor(How how, int crc, long packed, long size) {
        ByteBuffer buffer = buffer(24);
        if (how == How.DESCRIBED || how == How.DESCRIBED_WIDE) {
            buffer.putInt(0x08074b50);
        }
        buffer.putInt(crc);
        if (how == How.DESCRIBED_WIDE || how == How.DESCRIBED_WIDE_UNSIGNED) {
            buffer.putLong(packed).putLong(size);
        } else {
            buffer.putInt((int) packed).putInt((int) size);
        }
        return bytes(buffer);
    }

    /** Adds bytes that belong to no entry. */
    public Zip raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The file. */
    public byte[] build() {
        return build(false);
    }

    /** The file, with the end of zip64 in front of the plain one where {@code wide}. */
    public byte[] build(boolean wide) {
        centralStart = out.size();
        directory.forEach(out::writeBytes);
        int size = out.size() - centralStart;
        int count = directory.size();
        if (wide) {
            int end = out.size();
            out.writeBytes(buffer(76)
                    .putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) 45)
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0)
                    .putLong(count)
                    .putLong(count)
                    .putLong(size)
                    .putLong(centralStart)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong(end)
                    .putInt(1)
                    .array());
        }
        out.writeBytes(buffer(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort((short) count)
                .putShort((short) count)
                .putInt(wide ? -1 : size)
                .putInt(wide ? -1 : centralStart)
                .putShort((short) 0)
                .array());
        return out.toByteArray();
    }

    /** Where the own header of an entry starts. */
    public int local(int entry) {
        return locals.get(entry);
    }

    /** Where the directory's part on an entry starts, once the file is built. */
    public int central(int entry) {
        int at = centralStart;
        for (byte[] header : directory.subList(0, entry)) {
            at += header.length;
        }
        return at;
    }

    /** Deflated data without a wrapper. */
    public static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] packed = new byte[content.length + 64];
            return java.util.Arrays.copyOf(packed, deflater.deflate(packed));
        } finally {
            deflater.end();
        }
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
