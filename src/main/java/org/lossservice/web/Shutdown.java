package org.lossservice.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the service without losing a request. While those under way are finished the port stays open, so that whoever still
 * comes is told to go elsewhere; readiness is false by then. Boot's graceful shutdown would close the port at once, and leave
 * requests on open connections to the container's answer. Spring's timeout of a shutdown phase bounds it all.
 */
final class Shutdown implements SmartLifecycle {

    private static final Duration LOOK = Duration.ofMillis(10);

    /** For connections that were accepted just before. */
    private static final Duration LAST = Duration.ofMillis(100);

    private final Duration notice;
    private final List<Runnable> ports = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean running;
    private volatile boolean begun;

    /**
     * @param notice how long the port stays open at the least, for gateways to see that the service is not ready
     */
    Shutdown(Duration notice) {
        this.notice = notice;
    }

    /** Has a port closed at the end. */
    void closes(Runnable port) {
        ports.add(port);
    }

    /** Notes that a request has come, and must {@link #depart}; false where it came too late and is not waited for. */
    boolean arrive() {
        underWay.incrementAndGet();
        if (begun) {
            underWay.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Notes that a request that arrived is answered to the last byte. */
    void depart() {
        underWay.decrementAndGet();
    }

    /** Whether nothing new is to be begun. */
    boolean begun() {
        return begun;
    }

    @Override
    public void start() {
        begun = false;
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        begun = true;
        Thread.ofVirtual().name("shutdown").start(() -> {
            try {
                Thread.sleep(notice);
                while (underWay.get() > 0) {
                    Thread.sleep(LOOK);
                }
                ports.forEach(Runnable::run);
                Thread.sleep(LAST);
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
