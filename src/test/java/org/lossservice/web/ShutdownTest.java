package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private final Shutdown shutdown = new Shutdown(Duration.ZERO);
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void itWaitsForTheRequestsThatCameBefore() throws InterruptedException {
        shutdown.start();
        assertThat(shutdown.arrive()).isTrue();
        shutdown.stop(over::countDown);
        assertThat(shutdown.begun()).isTrue();
        assertThat(shutdown.arrive()).isFalse();
        assertThat(over.await(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(shutdown.isRunning()).isTrue();
        shutdown.depart();
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(shutdown.isRunning()).isFalse();
    }

    @Test
    void itCanBeginAnew() {
        shutdown.start();
        shutdown.stop();
        assertThat(shutdown.arrive()).isFalse();
        shutdown.start();
        assertThat(shutdown.arrive()).isTrue();
    }
}
