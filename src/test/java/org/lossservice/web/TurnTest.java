package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

/** Whether what keeps virtual threads busy lets others go on. */
class TurnTest {

    /** Above what anything here takes, so that a test fails and does not hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A part of what goes on and on. */
    interface Step {
        void run() throws IOException, ServletException;
    }

    private static Stream<Arguments> steps() {
        SchedulingValve valve = new SchedulingValve();
        valve.setNext(new ValveBase() {
            @Override
            public void invoke(Request request, Response response) {}
        });
        Step exchange = () ->
                valve.invoke(SchedulingValveTest.request(Map.of()), new Response(new org.apache.coyote.Response()));
        Admission.Ticket ticket =
                AdmissionTest.admission(PATIENCE.multipliedBy(3)).enter(1);
        ticket.work(1);
        OutputStream answer =
                new AnswerStream(OutputStream.nullOutputStream(), new Pace(PATIENCE, DataSize.ofBytes(0)));
        return Stream.of(
                        named("the requests of a connection", exchange),
                        named("reading and computing", (Step) ticket::requireTime),
                        named("writing", (Step) () -> answer.write(0)))
                .flatMap(step -> Stream.of(arguments(step, 1), arguments(step, 16)));
    }

    /** Threads that never pause by themselves, some on each processor, and others that come one after the other. */
    @ParameterizedTest
    @MethodSource("steps")
    void othersGoOn(Step step, int onEachProcessor) throws Exception {
        CountDownLatch others = new CountDownLatch(20);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < onEachProcessor * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(Thread.startVirtualThread(() -> {
                while (others.getCount() > 0 && System.nanoTime() < deadline) {
                    work();
                    runUnchecked(step);
                }
            }));
        }
        Thread.sleep(100);
        while (others.getCount() > 0 && System.nanoTime() < deadline) {
            Thread other = Thread.startVirtualThread(others::countDown);
            other.join(PATIENCE);
            // or the next would come to a queue that is just being looked at
            Thread.sleep(10);
        }
        for (Thread thread : busy) {
            assertThat(thread.join(PATIENCE.multipliedBy(2))).isTrue();
        }
        assertThat(System.nanoTime()).isLessThan(deadline);
    }

    private static void work() {
        long until = System.nanoTime() + 50_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void runUnchecked(Step step) {
        try {
            step.run();
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
    }
}
