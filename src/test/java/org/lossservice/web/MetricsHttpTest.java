package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;

/** What operators see: the metrics that Prometheus asks for, and the lines of the log. */
class MetricsHttpTest extends HttpTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @LocalManagementPort
    int managementPort;

    private EcsLog log;

    /** The samples of the service's own metrics by name and tags, but for histograms' buckets. */
    private Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        given().port(managementPort)
                .noFilters()
                .get("/actuator/prometheus")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith("loss_") || line.startsWith("http_server_requests_seconds"))
                .filter(line -> !line.contains("_bucket"))
                .forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    metrics.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
                });
        return metrics;
    }

    @Test
    void saysWhatIsRunning() {
        given().port(managementPort)
                .noFilters()
                .get("/actuator/info")
                .then()
                .statusCode(200)
                .body("build.name", equalTo("loss-service"))
                .body("build.version", matchesPattern("[0-9]+\\.[0-9]+\\.[0-9]+.*"))
                .body("build.time", nullValue())
                .body("java.version", startsWith("25"));
    }

    private static double rise(Map<String, Double> before, Map<String, Double> after, String name) {
        assertThat(after).containsKey(name);
        return after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0);
    }

    @BeforeEach
    void listen() {
        log = new EcsLog();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aRequestIsCounted() throws InterruptedException {
        Map<String, Double> before = metrics();
        String body = "{\"input\":[[1,2,3],[3,2,1]],\"label\":[0,1],\"dtype\":\"float64\",\"reduction\":\"sum\"}";
        json(body).header("X-Request-Id", "counted").post(ROUTE).then().statusCode(200);
        log.line("counted");
        Map<String, Double> after = metrics();

        String tags = "{code=\"none\",dtype=\"float64\",format=\"json\",method=\"POST\",outcome=\"SUCCESS\","
                + "reduction=\"sum\",status=\"200\",uri=\"/v1/losses/multi-margin\"}";
        assertThat(rise(before, after, "http_server_requests_seconds_count" + tags))
                .isEqualTo(1);
        for (String phase : new String[] {"receive", "wait", "read", "compute", "write"}) {
            assertThat(rise(before, after, "loss_phase_seconds_count{format=\"json\",phase=\"" + phase + "\"}"))
                    .isEqualTo(1);
        }
        assertThat(rise(before, after, "loss_batch_rows_sum{dtype=\"float64\",format=\"json\"}"))
                .isEqualTo(2);
        assertThat(rise(before, after, "loss_batch_elements_sum{dtype=\"float64\",format=\"json\"}"))
                .isEqualTo(6);
        assertThat(rise(before, after, "loss_received_bytes_total{format=\"json\"}"))
                .isEqualTo(body.length());
        assertThat(rise(before, after, "loss_sent_bytes_total{format=\"json\"}"))
                .isPositive();
        assertThat(after)
                .containsEntry("loss_admission_reserved_bytes", 0.0)
                .containsEntry("loss_admission_working_requests", 0.0);
        assertThat(after.get("loss_admission_budget_bytes")).isPositive();
    }

    @Test
    void problemsAreCountedByCode() throws InterruptedException, IOException {
        Map<String, Double> before = metrics();
        post("{\"input\":[[1,2]],\"label\":[5]}").statusCode(422);
        post("{").statusCode(400);
        given().get("/nowhere").then().statusCode(404);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("NO|METHOD / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400");
        }
        log.line("\"error\":{\"code\":\"malformed_request\"}");
        Map<String, Double> after = metrics();
        for (String tags : new String[] {
            tags("out_of_range", "json", "POST", 422, ROUTE),
            tags("malformed_json", "json", "POST", 400, ROUTE),
            tags("not_found", "none", "GET", 404, "UNKNOWN"),
            tags("malformed_request", "none", "UNKNOWN", 400, "UNKNOWN")
        }) {
            assertThat(rise(before, after, "http_server_requests_seconds_count" + tags))
                    .isEqualTo(1);
        }
        assertThat(log.text()).doesNotContain("\"level\":\"ERROR\"");
    }

    private static String tags(String code, String format, String method, int status, String uri) {
        return "{code=\"" + code + "\",dtype=\"none\",format=\"" + format + "\",method=\"" + method
                + "\",outcome=\"CLIENT_ERROR\",reduction=\"none\",status=\"" + status + "\",uri=\"" + uri + "\"}";
    }

    @Test
    void strangersMakeNoTimeSeries() throws InterruptedException {
        strange(0);
        log.line("strange-0");
        Set<String> series = metrics().keySet();
        for (int i = 1; i <= 10; i++) {
            strange(i);
        }
        log.line("strange-10");
        assertThat(metrics().keySet()).isEqualTo(series);
    }

    private static void strange(int number) {
        for (String path : new String[] {"/nowhere/", "/v1/losses/nowhere-", "/swagger-ui/nowhere-", "/livez/"}) {
            given().get(path + number).then().statusCode(404);
        }
        given().get("/v1/losses?nowhere" + number + "=x").then().statusCode(422);
        json("{\"input\":[[1]],\"label\":[0],\"dtype\":\"float" + number + "\",\"reduction\":\"max" + number + "\"}")
                .post(ROUTE)
                .then()
                .statusCode(422);
        given().request("METHOD" + number, ROUTE).then().statusCode(405);
        given().header("Content-Type", "x/y" + number)
                .body(new byte[] {1})
                .post(ROUTE)
                .then()
                .statusCode(415);
        given().header("X-Request-Id", "strange-" + number)
                .header("Accept", "x/y" + number)
                .get("/v1/losses")
                .then()
                .statusCode(406);
    }

    @Test
    void aLineForEachRequestInTheFormOfElasticsearch() throws InterruptedException {
        json("{\"input\":[[31415926,2]],\"label\":[0],\"name\":\"s3cr3t\"}")
                .header("X-Request-Id", "lined")
                .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                .post(ROUTE)
                .then()
                .statusCode(200);
        String line = log.line("lined");
        assertThat(line)
                .startsWith("{\"@timestamp\":")
                .contains("\"http\":{\"request\":{\"id\":\"lined\",\"method\":\"POST\"")
                .contains("\"trace\":{\"id\":\"" + TRACE + "\"}")
                .contains("\"logger\":\"org.lossservice.access\"")
                .contains("\"message\":\"POST /v1/losses/multi-margin 200\"")
                .contains("\"path\":\"/v1/losses/multi-margin\"")
                .containsPattern(Pattern.compile("\"duration\":[1-9][0-9]{3,}"))
                .doesNotContain("31415926")
                .doesNotContain("s3cr3t");
        given().get("/livez").then().statusCode(200);
        given().header("X-Request-Id", "after").get("/v1/losses").then().statusCode(200);
        log.line("after");
        assertThat(log.text()).doesNotContain("/livez");
    }
}
