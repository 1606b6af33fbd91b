package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Answers that are larger than what lies between client and service can hold, and taken too slowly. */
@TestPropertySource(
        properties = {
            "loss.limits.json-body=4MB",
            "loss.limits.elements=1000000",
            "loss.admission.memory=200MB",
            "loss.admission.transfer-grace=3s",
            "loss.admission.transfer-rate=1GB"
        })
class SlowAnswerHttpTest extends HttpTest {

    private static final int SIDE = 1000;

    /** A gradient of a million numbers with many digits, some 20 MB. */
    private static byte[] batch() {
        String row = ",[0" + ",0".repeat(SIDE - 1) + "]";
        String body = "{\"dtype\":\"float64\",\"p\":2,\"margin\":0.123456789,\"label\":[0" + ",0".repeat(SIDE - 1)
                + "],\"input\":[" + row.repeat(SIDE).substring(1) + "]}";
        return ("POST " + ROUTE + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void areCutAndNoFaultOfTheService() throws Exception {
        try (EcsLog log = new EcsLog();
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(batch());
            int first = socket.getInputStream().read();
            Thread.sleep(3500);
            String answer = (char) first + Sockets.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("\"parameters\"");
            assertThat(log.line("POST " + ROUTE)).contains("\"POST " + ROUTE + " 200\"");
        }
    }
}
