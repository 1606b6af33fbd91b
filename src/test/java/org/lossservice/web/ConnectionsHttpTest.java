package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** How many connections there are, and what becomes of those that are slow. */
@TestPropertySource(
        properties = {
            "server.tomcat.max-connections=8",
            "server.tomcat.connection-timeout=10s",
            "loss.admission.transfer-grace=1s",
            "loss.admission.transfer-rate=1MB"
        })
class ConnectionsHttpTest extends HttpTest {

    private static final String GET = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** Above what the service waits for, so that a test fails and does not hang. */
    private static final int PATIENCE = 8000;

    @ParameterizedTest
    @CsvSource({
        // heaps of 307 MiB, 614 MiB and 4.8 GiB; what is wanted counts where it is less
        "2048, 322122547, 204",
        "2048, 644245094, 409",
        "2048, 5153960755, 2048",
        "100, 644245094, 100",
        "-1, 644245094, 409"
    })
    void thereAreAsManyAsTheHeapHolds(int wanted, long heap, int connections) {
        assertThat(TomcatConfiguration.connections(wanted, heap)).isEqualTo(connections);
    }

    /** On the first request of a connection and on a later one; in the request line and behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"GET /", "GET /livez HTTP/1.1\r\nX-Slow: ", GET + "GET /", GET + "GET /livez HTTP/1.1\r\nX"})
    void aHeadThatComesByTheByteIsCut(String begin) throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            Thread trickle = Thread.startVirtualThread(() -> trickle(out, "a"));
            String answer = Sockets.rest(socket);
            if (begin.startsWith(GET)) {
                assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
                assertThat(answer).startsWith("HTTP/1.1 200");
            } else {
                assertThat(answer).isEmpty();
            }
            trickle.join();
        }
    }

    /** They may stand before a request, and are cut like a part of it. */
    @Test
    void blankLinesAloneAreCut() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            Thread trickle = Thread.startVirtualThread(() -> trickle(out, "\r\n"));
            assertThat(Sockets.rest(socket)).isEmpty();
            trickle.join();
        }
    }

    @Test
    void aBlankLineBehindARequestIsNoMatter() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write((GET + "\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(head(socket)).startsWith("HTTP/1.1 200");
            out.write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(Sockets.rest(socket)).contains("HTTP/1.1 200");
        }
    }

    @Test
    void aHeadThatStallsIsCut() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
            assertThat(Sockets.rest(socket)).isEmpty();
        }
    }

    /** Nobody can tell whether the body comes: the client may go on with its next request in its place. */
    @Test
    void whoWaitsFor100ContinueAndIsAnsweredWithoutItIsClosed() throws Exception {
        String expecting = GET.replace("livez", "v1/losses")
                .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\nContent-Length: 80000000\r\n\r\n");
        try (Socket socket = connect()) {
            long began = System.nanoTime();
            socket.getOutputStream().write(expecting.getBytes(StandardCharsets.US_ASCII));
            String answer = Sockets.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("100 Continue");
            assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(PATIENCE);
        }
    }

    /** What was asked for with 100 Continue is sent, and read to its end although it is refused. */
    @Test
    void whoWasToldToContinueAndIsRefusedCanSendToTheEnd() throws Exception {
        String head = String.join(
                "\r\n",
                "POST /v1/losses/multi-margin HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Expect: 100-continue",
                "Transfer-Encoding: chunked",
                "",
                "");
        byte[] chunk = ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(head(socket)).startsWith("HTTP/1.1 100");
            for (int i = 0; i < 40; i++) {
                out.write(chunk);
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(head(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aHeadInPiecesIsAnswered() throws Exception {
        try (Socket socket = connect()) {
            for (String piece :
                    GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").split("(?<=[ :])", -1)) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(10);
            }
            assertThat(Sockets.rest(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whereManyAreConnectedNobodyStays() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            // those of other tests may not be gone yet
            for (int i = 0; i < 100 && answered(sockets).contains("Connection: close"); i++) {
                sockets.removeLast().close();
                Thread.sleep(50);
            }
            assertThat(sockets).hasSize(1);
            // of eight three quarters stay: the seventh cannot, and while others are there an earlier one cannot
            String head = "";
            while (!head.contains("Connection: close") && sockets.size() < 7) {
                head = answered(sockets);
            }
            assertThat(head).contains("Connection: close");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** The head of an answer over one more connection. */
    private String answered(List<Socket> sockets) throws IOException {
        Socket socket = connect();
        sockets.add(socket);
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        String head = head(socket);
        assertThat(head).startsWith("HTTP/1.1 200");
        return head;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    /** A little now and then, until the connection is closed. */
    private static void trickle(OutputStream out, String little) {
        try {
            for (int i = 0; i < PATIENCE / 100; i++) {
                out.write(little.getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(100);
            }
        } catch (IOException e) {
            // closed, as it should be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int read = socket.getInputStream().read();
            assertThat(read).as("read so far: %s", text).isNotNegative();
            text.append((char) read);
        }
        return text.toString();
    }
}
