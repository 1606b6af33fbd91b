package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which threads exchanges run on; {@link TurnTest} has whether they let others go on. */
class SchedulingValveTest {

    /** Above what anything here takes, so that a test fails and does not hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Map<String, String> LARGE = Map.of("Content-Length", "300000");

    /** What an exchange does. */
    private interface Work {
        void run() throws IOException, ServletException, InterruptedException;
    }

    private final SchedulingValve valve = new SchedulingValve();
    private Work work = () -> {};

    SchedulingValveTest() {
        valve.setNext(new ValveBase() {
            @Override
            public void invoke(Request request, Response response) throws IOException, ServletException {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    static Request request(Map<String, String> headers) {
        org.apache.coyote.Request coyote = new org.apache.coyote.Request();
        headers.forEach((name, value) -> coyote.getMimeHeaders().addValue(name).setString(value));
        return new Request(new Connector(), coyote);
    }

    private void exchange(Map<String, String> headers) throws IOException, ServletException {
        valve.invoke(request(headers), new Response(new org.apache.coyote.Response()));
    }

    private void exchangeUnchecked(Map<String, String> headers) {
        try {
            exchange(headers);
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The thread that works on an exchange with this header. */
    private Thread worker(String name, String value) throws Exception {
        AtomicReference<Thread> worker = new AtomicReference<>();
        work = () -> worker.set(Thread.currentThread());
        exchange(Map.of(name, value));
        return worker.get();
    }

    /** Has exchanges take until {@code end}; what is returned opens when so many of them have begun. */
    private CountDownLatch workUntil(CountDownLatch end, int exchanges) {
        CountDownLatch begun = new CountDownLatch(exchanges);
        work = () -> {
            begun.countDown();
            end.await();
        };
        return begun;
    }

    @ParameterizedTest
    @CsvSource({"Accept, */*", "Content-Length, 0", "Content-Length, 262144"})
    void smallOnesStayOnTheirThread(String name, String value) throws Exception {
        assertThat(worker(name, value)).isSameAs(Thread.currentThread());
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, 262145",
        "Content-Length, 9000000000",
        "Transfer-Encoding, chunked",
        "Content-Encoding, gzip"
    })
    void whatMayBeLargeGoesToAThreadOfTheSystem(String name, String value) throws Exception {
        Thread worker = worker(name, value);
        assertThat(worker).isNotSameAs(Thread.currentThread());
        assertThat(worker.isVirtual()).isFalse();
    }

    @Test
    void whatLargeOnesThrowIsThrown() {
        IOException thrown = new IOException("lost");
        work = () -> {
            throw thrown;
        };
        assertThatThrownBy(() -> exchange(LARGE))
                .isInstanceOf(ServletException.class)
                .cause()
                .isSameAs(thrown);
    }

    /** The container recycles a request as soon as its valve returns. */
    @Test
    void anInterruptedThreadWaitsForItsExchange() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = workUntil(end, 1);
        Thread caller = Thread.startVirtualThread(() -> exchangeUnchecked(LARGE));
        assertThat(begun.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        caller.interrupt();
        assertThat(caller.join(Duration.ofMillis(200))).isFalse();
        end.countDown();
        assertThat(caller.join(PATIENCE)).isTrue();
    }

    @Test
    void beyondSixtyFourLargeOnesNoThreadIsAdded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = workUntil(end, 64);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            callers.add(Thread.startVirtualThread(() -> exchangeUnchecked(LARGE)));
        }
        assertThat(begun.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(worker("Content-Length", "300000")).isSameAs(Thread.currentThread());
        end.countDown();
        for (Thread caller : callers) {
            assertThat(caller.join(PATIENCE)).isTrue();
        }
    }
}
