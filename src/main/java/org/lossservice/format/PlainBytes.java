package org.lossservice.format;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Bytes that stand in the body as they are. */
final class PlainBytes implements TensorBytes {

    private final byte[] body;
    private final int start;
    private final int length;

    PlainBytes(byte[] body, int start, int length) {
        this.body = body;
        this.start = start;
        this.length = length;
    }

    @Override
    public void forEachBlock(Consumer<ByteBuffer> consumer) {
        for (int at = 0; at < length; at += BLOCK) {
            consumer.accept(ByteBuffer.wrap(body, start + at, Math.min(BLOCK, length - at)));
        }
    }
}
