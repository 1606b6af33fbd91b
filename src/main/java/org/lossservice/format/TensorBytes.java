package org.lossservice.format;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Where the elements of one tensor lie in a body. */
sealed interface TensorBytes permits PlainBytes, ZippedBytes {

    /** The size of all blocks but the last; every element size divides it. */
    int BLOCK = 1 << 16;

    /**
     * Hands all bytes over in order, in blocks that are only valid during the call.
     *
     * @throws org.lossservice.tensor.FaultException where the bytes are not what the body says of them
     */
    void forEachBlock(Consumer<ByteBuffer> consumer);
}
