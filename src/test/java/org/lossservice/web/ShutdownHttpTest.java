package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
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

    private final ConfigurableApplicationContext context = run("3s", 100);
    private final Shutdown shutdown = context.getBean(Shutdown.class);

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void whatComesBeforeThePortClosesOrOnAnOpenConnectionIsAnswered() throws Exception {
        try (Socket underWay = connect();
                Socket used = connect();
                Socket unused = connect()) {
            send(used, POST + BODY);
            assertThat(answer(used)).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
            send(underWay, POST + BODY.substring(0, 10));
            await(() -> context.getBean(Admission.class).reserved() > 0);

            Thread end = Thread.startVirtualThread(context::close);
            await(shutdown::begun);
            assertThat(exchange("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .contains("OUT_OF_SERVICE");
            assertAnsweredForTheLastTime(exchange(POST + BODY));
            send(used, POST + BODY);
            assertAnsweredForTheLastTime(Sockets.rest(used));

            await(this::isRefused);
            assertThat(end.isAlive()).isTrue();
            send(unused, POST + BODY);
            assertAnsweredForTheLastTime(Sockets.rest(unused));
            send(underWay, BODY.substring(10));
            assertThat(answer(underWay)).startsWith("HTTP/1.1 200").contains("\"gradient\"");
            assertThat(end.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** Where as many are connected as may be, the others wait for the container to take them. */
    @Test
    void whoHasConnectedAsThePortClosesIsAnswered() throws Exception {
        try (ConfigurableApplicationContext full = run("100ms", 1);
                Socket first = connect(full)) {
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket other = connect(full);
                others.add(other);
                send(other, POST + BODY);
            }
            SpringApplication.exit(full);
            for (Socket other : others) {
                assertAnsweredForTheLastTime(Sockets.rest(other));
                other.close();
            }
            assertThat(Sockets.rest(first)).isEmpty();
        }
    }

    /** A gateway takes that as reason to ask another replica; an error it would pass on. */
    @Test
    void whatComesLaterStillIsCutWithoutAnAnswer() throws Exception {
        try (Socket open = connect()) {
            send(open, POST + BODY);
            assertThat(answer(open)).startsWith("HTTP/1.1 200");
            shutdown.stop();
            send(open, POST + BODY);
            assertThat(Sockets.rest(open)).isEmpty();
        }
    }

    private static void assertAnsweredForTheLastTime(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200").contains("Connection: close", "\"gradient\"");
    }

    private boolean isRefused() {
        try (Socket socket = connect()) {
            return socket.getPort() == 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static ConfigurableApplicationContext run(String drain, int connections) {
        return SpringApplication.run(
                LossServiceApplication.class,
                "--server.port=0",
                "--management.server.port=0",
                "--loss.admission.drain=" + drain,
                "--server.tomcat.max-connections=" + connections);
    }

    private Socket connect() throws IOException {
        return connect(context);
    }

    private static Socket connect(ConfigurableApplicationContext service) throws IOException {
        Socket socket = new Socket(
                "localhost", service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        socket.setSoTimeout(20_000);
        return socket;
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

    private String exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return Sockets.rest(socket);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
