package org.lossservice.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the service without losing a request, whether or not clients and gateways look at readiness, which is false by
 * now:
 *
 * <ol>
 *   <li>Everything is answered as ever, but each answer ends its connection.
 *   <li>The port closes. Who connects from now on is refused by the system, and can go to another replica at once.
 *   <li>What comes on connections that are open still is answered, until nothing has come for a moment.
 *   <li>What comes later yet is cut off without an answer: a gateway then sends it elsewhere, which it would not do
 *       after an error.
 * </ol>
 *
 * Boot's graceful shutdown would close the port at once, and leave requests on open connections to the container's 503.
 * Spring's timeout of a shutdown phase bounds all of this.
 */
final class Shutdown implements SmartLifecycle {

    /** After this long, whatever was sent when the port closed has arrived. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** Added to the number of requests under way once none is let in any more: it is negative from then on. */
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

    /** The web server starts earlier: requests may be under way already. */
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

    /** A context that is paused does not pause its web server, whose port, once closed, is not opened again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
