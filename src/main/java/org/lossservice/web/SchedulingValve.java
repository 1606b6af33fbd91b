package org.lossservice.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Shares the processors out among exchanges. Small ones stay on the virtual threads that the container gives them, and
 * take turns: there are as many carriers as processors, which spares the system many a switch of threads, but nobody
 * preempts a virtual thread. So large ones, which take milliseconds to receive, compute and send, go to threads of the
 * system, which it does preempt.
 */
final class SchedulingValve extends ValveBase {

    /** Large exchanges beyond this many are worked on as small ones are, so that slow clients cannot use up the threads. */
    private static final int MOST = 64;

    private final Executor system = new ThreadPoolExecutor(
            0,
            MOST,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("large-", 1).daemon().factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** A thread serves one connection as long as requests keep coming on it. */
    private final ThreadLocal<Turn> turn = ThreadLocal.withInitial(Turn::new);

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (isLarge(request)) {
            invokePreempted(request, response);
            return;
        }
        turn.get().goOnOrWait();
        getNext().invoke(request, response);
    }

    /** A body that comes in chunks or compressed may turn out to be of any size. */
    private static boolean isLarge(Request request) {
        return request.getContentLengthLong() > Admission.LARGE
                || request.getHeader("Transfer-Encoding") != null
                || request.getHeader("Content-Encoding") != null;
    }

    private void invokePreempted(Request request, Response response) throws ServletException {
        CompletableFuture<?> exchange = CompletableFuture.runAsync(
                () -> {
                    try {
                        getNext().invoke(request, response);
                    } catch (IOException | ServletException e) {
                        throw new CompletionException(e);
                    }
                },
                system);
        try {
            // unlike get, not to be interrupted: request and response are in use until the exchange is over
            exchange.join();
        } catch (CompletionException e) {
            throw new ServletException(e.getCause());
        }
    }

    /** What a connection whose requests keep coming has had of a processor since others were let go on. */
    private static final class Turn {

        /**
         * After this long others go on. With 1 ms eight such connections get up to a tenth more done, but p99 is a third longer.
         */
        private static final long LENGTH = TimeUnit.MICROSECONDS.toNanos(300);

        /**
         * One turn in so many ends by parking. A carrier takes threads from one queue until that is empty, and looks at no
         * other; those that yield come back to the carrier's queue and those that parked to that of a timer. So with either
         * way alone, a few busy connections can take turns for seconds while others wait; and parking costs a switch of
         * threads of the system.
         */
        private static final int PARKED = 5;

        private long began = System.nanoTime();
        private int ended;

        @SuppressWarnings("ThreadPriorityCheck") // this is about who goes first, and nothing else depends on it
        void goOnOrWait() {
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
}
