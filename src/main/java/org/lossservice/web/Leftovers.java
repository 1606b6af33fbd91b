package org.lossservice.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes in what is left of bodies whose request is answered already: most clients look for an answer only when they have sent
 * everything. All together are slowed down, so that in a flood the processors are for the requests that were let in.
 */
final class Leftovers {

    /** Of a body with more than this left the connection is cut. */
    private static final long MOST = 80L << 20;

    /** Bytes a second, of all: as much as two gigabits carry. */
    private static final long RATE = 256L << 20;

    /** Bytes between pauses. */
    private static final int STRETCH = 1 << 20;

    private static final int BUFFER = 1 << 13;

    private final Pace pace;
    /** When what has been taken in will have been due. */
    private final AtomicLong due = new AtomicLong(System.nanoTime());

    Leftovers(Pace pace) {
        this.pace = pace;
    }

    /** Reads to the end; false where that is too far or too slow. */
    boolean discard(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return true;
        }
        long began = System.nanoTime();
        byte[] buffer = new byte[BUFFER];
        long total = 1;
        int stretch = 0;
        int read;
        while ((read = in.read(buffer)) >= 0) {
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
}
