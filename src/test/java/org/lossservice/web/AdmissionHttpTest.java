package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What happens where memory is taken, and to clients that send slowly. */
@TestPropertySource(
        properties = {
            "loss.limits.json-body=1MB",
            "loss.limits.elements=1000000",
            "loss.admission.memory=4MB",
            "loss.admission.patience=20ms",
            "loss.admission.transfer-grace=1s",
            "loss.admission.transfer-rate=1MB",
            "server.tomcat.connection-timeout=2s"
        })
@Timeout(120)
class AdmissionHttpTest extends HttpTest {

    /** For whatever does not come in spite of all bounds, so that a test fails and does not hang. */
    private static final int PATIENCE = 20_000;

    /** With what becomes of it, three of the four megabytes. */
    private static final String LARGE =
            "{\"input\":[[0" + ",0".repeat(350_000) + "]],\"label\":[0],\"return_gradient\":false}";

    /** Some seven megabytes of numbers, more than sockets hold. */
    private static final String MUCH_ANSWERED =
            "{\"dtype\":\"float64\",\"input\":[[0" + ",0".repeat(350_000) + "]],\"label\":[0]}";

    private static final String SMALL = "{\"input\":[[1,2]],\"label\":[0]}";

    @Autowired
    Admission admission;

    @Test
    void whatDoesNotFitIsRefusedAndFitsLater() throws Exception {
        try (Socket stalled = announce("POST " + ROUTE, LARGE.length())) {
            awaitReserved(3L << 20);
            requireOverloaded(post(LARGE));
            // nothing is announced, but it is counted
            HttpResponse<String> chunked = postChunked(LARGE);
            assertThat(chunked.statusCode()).isEqualTo(503);
            assertThat(chunked.body()).contains("\"overloaded\"");
            post(SMALL).statusCode(200).body("loss.data[0]", equalTo(new BigDecimal("1.0")));

            String answer = new String(stalled.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 503").contains("deadline_exceeded", "Retry-After: 1");
        }
        awaitReserved(0);
        post(LARGE).statusCode(200);
        assertThat(admission.reserved()).isZero();
    }

    /** Five bytes for each byte of the body, of nine eighths of 4 MB: nothing more is asked for one that is not announced. */
    @ParameterizedTest
    @CsvSource({"943718, 200", "943719, 413"})
    void largestBody(int length, int status) throws Exception {
        String body = SMALL + " ".repeat(length - SMALL.length());
        post(body).statusCode(status);
        HttpResponse<String> chunked = postChunked(body);
        assertThat(chunked.statusCode()).isEqualTo(status);
        assertThat(chunked.body()).contains(status == 200 ? "\"loss\"" : "(loss.admission.memory)");
        assertThat(admission.reserved()).isZero();
    }

    private HttpResponse<String> postChunked(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + ROUTE))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII))))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoTricklesIsSentAway() throws Exception {
        try (Socket socket = announce("POST " + ROUTE, 1000)) {
            OutputStream out = socket.getOutputStream();
            Thread trickle = Thread.startVirtualThread(() -> trickle(out));
            String answer = Sockets.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 503").contains("deadline_exceeded", "too slowly");
            trickle.join();
        }
        awaitReserved(0);
    }

    @Test
    void whoGoesAwayLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 50; i++) {
            announce("POST " + ROUTE, 1000).close();
        }
        awaitReserved(0);
        post(SMALL).statusCode(200);
    }

    @Test
    void whoEndsInTheMiddleIsTold() throws Exception {
        try (Socket socket = announce("POST " + ROUTE, 1000)) {
            socket.shutdownOutput();
            String answer = Sockets.rest(socket);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("malformed_request", "the rest of the body is missing");
        }
        awaitReserved(0);
    }

    @Test
    void whoGoesAwayWhileItIsComputedOrAnsweredLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = send(MUCH_ANSWERED)) {
                if (i % 2 == 0) {
                    assertThat(socket.getInputStream().read()).isEqualTo('H');
                }
                // a reset, not an end
                socket.setSoLinger(true, 0);
            }
            awaitReserved(0);
        }
        assertThat(admission.working()).isZero();
        post(SMALL).statusCode(200);
    }

    @Test
    void whoDoesNotTakeTheAnswerIsSentAway() throws Exception {
        try (Socket socket = send(MUCH_ANSWERED)) {
            awaitReserved(2L << 20);
            // the turn is over, the memory is held until the container gives up
            awaitReserved(0);
            assertThat(admission.working()).isZero();
            String answer = Sockets.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("parameters");
        }
    }

    @Test
    void theRestOfARefusedBodyIsTakenIn() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST /v1/nowhere", 10_000_000));
            byte[] part = new byte[100_000];
            for (int i = 0; i < 100; i++) {
                out.write(part);
            }
            out.write("GET /v1/nowhere-else HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers.split("HTTP/1.1 404 ", -1)).hasSize(3);
            assertThat(answers).contains("\"/v1/nowhere\"", "\"/v1/nowhere-else\"");
        }
    }

    @Test
    void theRestOfARefusedBodyIsNotWaitedForForever() throws Exception {
        try (Socket socket = announce("POST /v1/nowhere", 1000)) {
            OutputStream out = socket.getOutputStream();
            Thread trickle = Thread.startVirtualThread(() -> trickle(out));
            String answer = Sockets.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 404").contains("not_found");
            trickle.join();
        }
    }

    @Test
    void whatTakesMoreMemoryThanThereIsIsTooLarge() {
        String body = "{\"input\":[[0]" + ",[0]".repeat(149_999) + "],\"label\":[0" + ",0".repeat(149_999) + "]";
        post(body + ",\"return_weight_gradient\":true}")
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body("detail", containsString("loss.admission.memory"));
        assertThat(admission.reserved()).isZero();
        // not held to the contract: its schema takes minutes for 150 000 rows on a busy machine
        byte[] fitting = (body + ",\"return_gradient\":false}").getBytes(StandardCharsets.US_ASCII);
        assertThat(postQuickly(fitting).statusCode()).isEqualTo(200);
    }

    private static void requireOverloaded(ValidatableResponse answer) {
        answer.statusCode(503)
                .contentType(PROBLEM)
                .header("Retry-After", "1")
                .body("code", equalTo("overloaded"))
                .body("detail", containsString("memory"));
    }

    private Socket announce(String requestLine, int length) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(head(requestLine, length));
        socket.getOutputStream().write('{');
        return socket;
    }

    /** A connection that holds little of an answer that is not read. */
    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("localhost", port));
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    private Socket send(String body) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(head("POST " + ROUTE, body.length()));
        socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static byte[] head(String requestLine, int length) {
        return (requestLine + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A byte now and then, until the connection is closed. */
    private static void trickle(OutputStream out) {
        try {
            for (int i = 0; i < PATIENCE / 50; i++) {
                out.write(' ');
                Thread.sleep(50);
            }
        } catch (IOException e) {
            // closed, as it should be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReserved(long bytes) throws InterruptedException {
        for (int i = 0; i < 1000 && (bytes == 0 ? admission.reserved() > 0 : admission.reserved() < bytes); i++) {
            Thread.sleep(10);
        }
        assertThat(bytes == 0 ? admission.reserved() == 0 : admission.reserved() >= bytes)
                .isTrue();
    }
}
