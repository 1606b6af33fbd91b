package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private final Shutdown shutdown = new Shutdown(Duration.ZERO);
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void itWaitsForTheRequestsUnderWayAndForThoseThatStillCome() throws InterruptedException {
        shutdown.start();
        AtomicBoolean closed = new AtomicBoolean();
        shutdown.closes(() -> closed.set(true));
        assertThat(shutdown.arrive()).isTrue();
        assertThat(shutdown.begun()).isFalse();
        shutdown.stop(over::countDown);
        assertThat(shutdown.begun()).isTrue();
        assertThat(shutdown.arrive()).isTrue();
        shutdown.depart();
        assertThat(over.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(closed).isTrue();
        assertThat(shutdown.isRunning()).isTrue();
        assertThat(shutdown.arrive()).isTrue();
        shutdown.depart();
        shutdown.depart();
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(shutdown.isRunning()).isFalse();
        assertThat(shutdown.arrive()).isFalse();
    }

    @Test
    void itCanBeginAnew() {
        // before the start: the web server is earlier
        assertThat(shutdown.arrive()).isTrue();
        shutdown.start();
        shutdown.depart();
        assertThat(shutdown.arrive()).isTrue();
        shutdown.stop();
        assertThat(shutdown.arrive()).isFalse();
        shutdown.depart();
        assertThat(shutdown.arrive()).isFalse();
        shutdown.start();
        assertThat(shutdown.arrive()).isTrue();
    }
}
