package org.lossservice.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the service without losing a request, whether or not whoever sends them looks at readiness, which is false by now. First
 * everything is answered as ever, but that each answer ends its connection. Then the port closes: who still comes is refused by
 * the system, and goes to another replica at once. What comes on connections that are open is answered until none does; what
 * comes later yet is cut without an answer, for gateways send that elsewhere, as they do not where the answer is an error.
 * Boot's graceful shutdown would close the port at once, and leave requests on open connections to the container's 503.
 * Spring's timeout of a shutdown phase bounds it all.
 */
final class Shutdown implements SmartLifecycle {

    /** What was sent as the port closed has arrived by then. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** Added to the number of requests under way where none is let in any more. */
    private static final int OVER = Integer.MIN_VALUE;

    private final Duration notice;
    private final List<Runnable> ports = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean running;
    private volatile boolean begun;
    private volatile boolean disturbed;

    /**
     * @param notice how long the port stays open, for gateways to see that the service is not ready
     */
    Shutdown(Duration notice) {
        this.notice = notice;
    }

    /** Has a port closed after the notice. */
    void closes(Runnable port) {
        ports.add(port);
    }

    /** Notes that a request has come, and must {@link #depart}; false where it came too late and is not to be answered. */
    boolean arrive() {
        if (underWay.getAndUpdate(count -> count < 0 ? count : count + 1) < 0) {
            return false;
        }
        if (begun) {
            disturbed = true;
        }
        return true;
    }

    /** Notes that a request that arrived is answered to the last byte. */
    void depart() {
        underWay.decrementAndGet();
    }

    /** Whether an answer is the last one of its connection. */
    boolean begun() {
        return begun;
    }

    /** The web server is there before, and may have been asked already. */
    @Override
    public void start() {
        underWay.updateAndGet(count -> count < 0 ? count - OVER : count);
        begun = false;
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        begun = true;
        // not a virtual one, which would have to wait for a processor while requests compute
        Thread.ofPlatform().name("shutdown").start(() -> {
            try {
                Thread.sleep(notice);
                ports.forEach(Runnable::run);
                do {
                    disturbed = false;
                    Thread.sleep(QUIET);
                } while (disturbed || !underWay.compareAndSet(0, OVER));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running = false;
                callback.run();
            }
        });
    }

    @Override
    public void stop() {
        begun = true;
        underWay.updateAndGet(count -> count < 0 ? count : count + OVER);
        running = false;
    }

    /** The web server is not paused with its context, and its port is not opened again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
