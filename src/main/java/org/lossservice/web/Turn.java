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
     * After this long others go on. With 1 ms eight busy connections get up to a tenth more done, but p99 is a third longer.
     */
    private static final long LENGTH = TimeUnit.MICROSECONDS.toNanos(300);

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

    /** Lets others go on where this thread's turn is over. Threads of the system are preempted, and have none. */
    static void pass() {
        if (Thread.currentThread().isVirtual()) {
            CURRENT.get().endIfOver();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // this is about who goes first, and nothing else depends on it
    private void endIfOver() {
        if (System.nanoTime() - began <= LENGTH) {
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
