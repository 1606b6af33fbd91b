package org.lossservice.web;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a virtual thread has had of a processor since it last let others go on. Nobody preempts such a thread, so all that may
 * keep one busy passes the turn on from time to time: a connection whose requests keep coming, and within a request what
 * reads, computes and writes.
 */
final class Turn {

    /**
     * After this long no request is begun before others go on. With 1 ms eight busy connections get up to a tenth more done, but
     * p99 is a third longer.
     */
    private static final long BETWEEN_REQUESTS = TimeUnit.MICROSECONDS.toNanos(300);

    /** A request under way goes on for as long: most are over by then, and one that is left half done is waited for. */
    private static final long WITHIN_REQUEST = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * One turn in so many ends by parking. A carrier takes threads from one queue until that is empty, and looks at no other;
     * those that yield come back to the carrier's queue and those that parked to that of a timer. So with either way alone, a
     * few busy connections can take turns for seconds while others wait; and parking costs a switch of threads of the system.
     */
    private static final int PARKED = 5;

    private static final ThreadLocal<Turn> CURRENT = ThreadLocal.withInitial(Turn::new);

    private long began = System.nanoTime();
    private int ended;

    private Turn() {}

    /** Lets others go on before a request where this thread's turn is over. */
    static void passBetweenRequests() {
        pass(BETWEEN_REQUESTS);
    }

    /** Lets others go on in the middle of a request where this thread's turn is over. */
    static void passWithinRequest() {
        pass(WITHIN_REQUEST);
    }

    private static void pass(long length) {
        // threads of the system are preempted, and have no turns
        if (Thread.currentThread().isVirtual()) {
            CURRENT.get().endAfter(length);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // this is about who goes first, and nothing else depends on it
    private void endAfter(long length) {
        if (System.nanoTime() - began <= length) {
            return;
        }
        if (++ended % PARKED == 0) {
            LockSupport.parkNanos(1);
        } else {
            Thread.yield();
        }
        began = System.nanoTime();
    }
}
