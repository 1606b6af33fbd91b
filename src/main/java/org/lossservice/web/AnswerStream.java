package org.lossservice.web;

import java.io.IOException;
import java.io.OutputStream;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * Passes an answer on to a client, which must take it at a least rate, because the answer holds memory until it is
 * taken. A client that takes nothing at all meets the container's timeout instead, as one that sends nothing does.
 */
final class AnswerStream extends OutputStream {

    /** Small enough for the rate and this thread's turn to be looked at often, whatever is written at once. */
    private static final int PIECE = 1 << 13;

    private final OutputStream out;
    private final Pace pace;
    private final long began = System.nanoTime();
    private long written;

    AnswerStream(OutputStream out, Pace pace) {
        this.out = out;
        this.pace = pace;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += PIECE) {
            int piece = Math.min(PIECE, length - at);
            out.write(bytes, offset + at, piece);
            written += piece;
            Turn.passWithinRequest();
            if (pace.isMissed(written, System.nanoTime() - began)) {
                // as long as nothing has gone out this becomes a problem: it may be the service that was slow
                throw new FaultException(Fault.of(
                        FaultCode.DEADLINE_EXCEEDED,
                        "the answer was taken too slowly: " + written + " bytes, where " + pace));
            }
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
