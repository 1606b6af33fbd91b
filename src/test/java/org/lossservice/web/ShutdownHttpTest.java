package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.lossservice.LossServiceApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What clients see of a service that ends; it is one of its own. */
class ShutdownHttpTest {

    private static final String BODY = "{\"input\":[[1,2]],\"label\":[0]}";
    private static final String POST = "POST " + HttpTest.ROUTE
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length()
            + "\r\n\r\n";

    @Test
    void requestsUnderWayAreAnsweredAndNewOnesSentElsewhere() throws Exception {
        ConfigurableApplicationContext context = SpringApplication.run(
                LossServiceApplication.class,
                "--server.port=0",
                "--management.server.port=0",
                "--loss.admission.drain=0s");
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (Socket underWay = new Socket("localhost", port);
                Socket idle = new Socket("localhost", port)) {
            send(idle, POST + BODY);
            assertThat(answer(idle)).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
            send(underWay, POST + BODY.substring(0, 10));
            await(() -> context.getBean(Admission.class).reserved() > 0);

            Thread end = Thread.startVirtualThread(context::close);
            await(() -> context.getBean(Shutdown.class).begun());
            assertThat(exchange(port, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .contains("OUT_OF_SERVICE");
            assertSentElsewhere(exchange(port, POST + BODY));
            send(idle, POST + BODY);
            assertSentElsewhere(rest(idle));

            assertThat(end.isAlive()).isTrue();
            send(underWay, BODY.substring(10));
            assertThat(answer(underWay)).startsWith("HTTP/1.1 200").contains("\"gradient\"");
            end.join();
        }
    }

    private static void assertSentElsewhere(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 503")
                .contains(
                        "Content-Type: application/problem+json",
                        "Retry-After: 1",
                        "Connection: close",
                        "\"code\":\"overloaded\"",
                        "another replica");
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An answer to a request that was let in, up to its end, of which chunks have one of their own. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\"documented\"}}" + (text.indexOf("chunked") < 0 ? "" : "\r\n0\r\n\r\n")) < 0) {
            int read = socket.getInputStream().read();
            assertThat(read).as("read so far: %s", text).isNotNegative();
            text.append((char) read);
        }
        return text.toString();
    }

    private static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            send(socket, request);
            return rest(socket);
        }
    }

    /** What comes until the service ends the connection. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
