package org.lossservice.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;

/**
 * An npz file of stored entries. CRCs are computed before anything is written, so that each entry's header says all that
 * there is to say: readers that go from front to back need no directory. Its timestamps are those of no time.
 */
final class NpzOutput implements TensorOutput {

    /** Of the start of an array's elements, in bytes. */
    private static final int ALIGNMENT = 64;

    private static final int LOCAL_SIZE = 30;
    private static final int CENTRAL_SIZE = 46;
    private static final int END_SIZE = 22;

    /** 2.0: nothing newer is needed to read it. */
    private static final short VERSION = 20;

    /** The 1st of January 1980, the first day that a zip file knows. */
    private static final int DATE = 1 << 5 | 1;

    /** Writes bytes of a known number. */
    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private record Entry(String name, long size, int crc, long offset, Content content) {}

    private final List<Entry> entries = new ArrayList<>();
    private long end;

    NpzOutput(Map<String, FloatingTensor> tensors, Map<String, String> texts) {
        tensors.forEach((name, tensor) -> {
            String descr = tensor.dtype() == DType.FLOAT32 ? "<f4" : "<f8";
            String shape = tensor.shape().toString();
            String extents = shape.substring(1, shape.length() - 1);
            byte[] header = npyHeader(descr, tensor.shape().rank() == 1 ? extents + "," : extents);
            add(name, header.length + ElementWriter.bytes(tensor), out -> {
                out.write(header);
                ElementWriter.write(tensor, out);
            });
        });
        texts.forEach((name, text) -> {
            byte[] characters = text.getBytes(StandardCharsets.UTF_32LE);
            // numpy has no text of no characters; its empty one is one NUL
            int length = Math.max(4, characters.length);
            byte[] header = npyHeader("<U" + length / 4, "");
            add(name, header.length + length, out -> {
                out.write(header);
                out.write(Arrays.copyOf(characters, length));
            });
        });
    }

    /** The bytes in front of an array's elements, in version 1.0, their number a multiple of 64 as numpy has it. */
    private static byte[] npyHeader(String descr, String extents) {
        String dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + extents + "), }";
        int size = (10 + dict.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        String length = String.valueOf(new char[] {(char) ((size - 10) & 0xFF), (char) ((size - 10) >> 8)});
        String padding = " ".repeat(size - 10 - dict.length() - 1);
        return (NpyHeader.MAGIC + "\u0001\0" + length + dict + padding + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void add(String tensor, long size, Content content) {
        CRC32 crc = new CRC32();
        try {
            content.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = tensor + ".npy";
        entries.add(new Entry(name, size, (int) crc.getValue(), end, content));
        end += LOCAL_SIZE + name.length() + size;
    }

    @Override
    public long length() {
        return end + directorySize() + END_SIZE;
    }

    private long directorySize() {
        return entries.stream()
                .mapToLong(entry -> CENTRAL_SIZE + entry.name().length())
                .sum();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (Entry entry : entries) {
            byte[] header = new byte[LOCAL_SIZE + entry.name().length()];
            ByteBuffer buffer = buffer(header).putInt(ZipDirectory.LOCAL);
            putCommon(buffer, entry);
            buffer.put(ascii(entry.name()));
            out.write(header);
            entry.content().writeTo(out);
        }
        for (Entry entry : entries) {
            byte[] header = new byte[CENTRAL_SIZE + entry.name().length()];
            ByteBuffer buffer = buffer(header).putInt(ZipDirectory.CENTRAL).putShort(VERSION);
            putCommon(buffer, entry);
            // no comment, disk 0, no attributes
            buffer.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
            buffer.putInt((int) entry.offset()).put(ascii(entry.name()));
            out.write(header);
        }
        byte[] last = new byte[END_SIZE];
        short count = (short) entries.size();
        ByteBuffer buffer =
                buffer(last).putInt(ZipEnd.SIGNATURE).putInt(0).putShort(count).putShort(count);
        buffer.putInt((int) directorySize()).putInt((int) end);
        out.write(last);
    }

    /** What an entry's own header and the directory both hold: no flags, stored, and the sizes. */
    private static void putCommon(ByteBuffer header, Entry entry) {
        header.putShort(VERSION).putShort((short) 0).putShort((short) 0);
        header.putShort((short) 0).putShort((short) DATE);
        header.putInt(entry.crc()).putInt((int) entry.size()).putInt((int) entry.size());
        header.putShort((short) entry.name().length()).putShort((short) 0);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
