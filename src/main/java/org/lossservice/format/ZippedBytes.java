package org.lossservice.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The bytes of an entry of a zip file, past its header: inflated where they are deflated, and checked against the CRC.
 */
final class ZippedBytes implements TensorBytes {

    private final byte[] body;
    private final ZipEntry entry;
    private final int skip;
    private final Runnable checkpoint;

    /**
     * The bytes of {@code entry} but for the first {@code skip}.
     *
     * @param checkpoint called before each block that is inflated; what it throws ends the reading
     * @throws IllegalArgumentException where {@code skip} is more than the entry or a block has
     */
    ZippedBytes(byte[] body, ZipEntry entry, int skip, Runnable checkpoint) {
        if (skip > Math.min(entry.size(), BLOCK)) {
            throw new IllegalArgumentException(skip + " of " + entry.size() + " bytes");
        }
        this.body = body;
        this.entry = entry;
        this.skip = skip;
        this.checkpoint = checkpoint;
    }

    /** The first bytes of an entry, at most {@code most}; the CRC is not looked at. */
    static byte[] head(byte[] body, ZipEntry entry, int most) {
        int length = (int) Math.min(most, entry.size());
        if (!entry.deflated()) {
            return Arrays.copyOfRange(body, entry.start(), entry.start() + length);
        }
        byte[] head = new byte[length];
        try (Inflation inflation = new Inflation(body, entry)) {
            inflation.fill(head, length);
        }
        return head;
    }

    @Override
    public void forEachBlock(Consumer<ByteBuffer> consumer) {
        CRC32 crc = new CRC32();
        // a block goes into the CRC just before it is wanted, while it is in the processor's cache
        Consumer<ByteBuffer> checked = block -> {
            crc.update(block.duplicate());
            consumer.accept(block);
        };
        if (entry.deflated()) {
            inflate(crc, checked);
        } else {
            crc.update(body, entry.start(), skip);
            new PlainBytes(body, entry.start() + skip, entry.packed() - skip).forEachBlock(checked);
        }
        if ((int) crc.getValue() != entry.crc()) {
            throw entry.malformed("does not have the CRC-32 that the directory says");
        }
    }

    private void inflate(CRC32 crc, Consumer<ByteBuffer> consumer) {
        byte[] block = new byte[BLOCK];
        try (Inflation inflation = new Inflation(body, entry)) {
            inflation.fill(block, skip);
            crc.update(block, 0, skip);
            int length;
            for (long left = entry.size() - skip; left > 0; left -= length) {
                checkpoint.run();
                length = (int) Math.min(BLOCK, left);
                inflation.fill(block, length);
                consumer.accept(ByteBuffer.wrap(block, 0, length));
            }
            inflation.requireEnd();
        }
    }
}
