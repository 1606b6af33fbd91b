package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Traces go to the endpoint that is set, as a receiver of OpenTelemetry's protocol sees them. */
@TestPropertySource(properties = "management.opentelemetry.tracing.export.schedule-delay=100ms")
class TracingHttpTest extends HttpTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final BlockingQueue<byte[]> RECEIVED = new LinkedBlockingQueue<>();
    private static final HttpServer RECEIVER = receiver();

    private static HttpServer receiver() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
                RECEIVED.add(body);
            });
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void endpoint(DynamicPropertyRegistry registry) {
        registry.add(
                "management.opentelemetry.tracing.export.otlp.endpoint",
                () -> "http://localhost:" + RECEIVER.getAddress().getPort() + "/v1/traces");
    }

    @BeforeAll
    static void listen() {
        RECEIVER.start();
    }

    @AfterAll
    static void stop() {
        RECEIVER.stop(0);
    }

    @Test
    void theClientsTraceGoesOnWithASpanForEachPhase() throws InterruptedException {
        try (EcsLog log = new EcsLog()) {
            json("{\"input\":[[1,2]],\"label\":[0]}")
                    .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                    .post(ROUTE)
                    .then()
                    .statusCode(200);
            assertThat(log.line("POST /v1/losses/multi-margin 200")).contains("\"trace\":{\"id\":\"" + TRACE + "\"}");
        }
        StringBuilder spans = new StringBuilder();
        while (!spans.toString().contains(name("POST /v1/losses/multi-margin"))) {
            byte[] body = RECEIVED.poll(20, TimeUnit.SECONDS);
            assertThat(body).as("spans, after " + spans).isNotNull();
            spans.append(new String(body, StandardCharsets.ISO_8859_1));
        }
        assertThat(spans)
                .contains(bytes(1, TRACE), bytes(4, PARENT))
                .contains(name("receive"), name("wait"), name("read"), name("compute"), name("write"));
    }

    /** A field of bytes as a span of opentelemetry.proto.trace.v1 holds it. */
    private static String bytes(int field, String hex) {
        return field(field, new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1));
    }

    private static String name(String name) {
        return field(5, name);
    }

    private static String field(int number, String content) {
        return "" + (char) (number << 3 | 2) + (char) content.length() + content;
    }
}
