package org.lossservice.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Reads and discards what is left of bodies whose requests are answered already, because most clients look for an
 * answer only when they have sent everything. A common rate bounds all of this, so that in a flood the processors are
 * left to the requests that were let in.
 */
final class Leftovers {

    /** Bytes that are read of one body; where more are left, the connection is closed. */
    private static final long MOST = 80L << 20;

    /** Bytes a second of all bodies together: what a line of two gigabits carries. */
    private static final long RATE = 256L << 20;

    /** Bytes between pauses. */
    private static final int STRETCH = 1 << 20;

    private final Pace pace;
    /** The time, by {@link System#nanoTime}, at which what has been read so far would have come at {@link #RATE}. */
    private final AtomicLong due = new AtomicLong(System.nanoTime());

    Leftovers(Pace pace) {
        this.pace = pace;
    }

    /** Reads a body to its end; false where that is too far away, or comes too slowly. */
    boolean discard(Request request) throws IOException {
        long began = System.nanoTime();
        Window window = new Window();
        long total = 0;
        int stretch = 0;
        int read;
        while ((read = request.doRead(window)) >= 0) {
            total += read;
            stretch += read;
            if (total > MOST || pace.isMissed(total, System.nanoTime() - began)) {
                return false;
            }
            if (stretch >= STRETCH) {
                pause(stretch);
                stretch = 0;
            }
        }
        return true;
    }

    private void pause(int bytes) {
        long cost = TimeUnit.SECONDS.toNanos(bytes) / RATE;
        long now = System.nanoTime();
        long until = due.updateAndGet(before -> Math.max(before - now, 0) + now + cost);
        try {
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(until - now));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Receives the buffer that the container has read into. */
    private static final class Window implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {
            // nothing is kept, so nothing has to grow
        }
    }
}
