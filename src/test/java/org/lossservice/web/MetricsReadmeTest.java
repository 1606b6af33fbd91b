package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;

/** The README's tables of metrics are what Prometheus is given. */
class MetricsReadmeTest extends HttpTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `((?:loss|http)_\\w+)` \\| (\\w+) \\| [^|]+ \\| ([^|]*)\\|$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE ((?:loss|http)_\\w+) (\\w+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^((?:loss|http)_\\w+)(?:\\{(.*)})? \\S+$");
    private static final Pattern TAG = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final String readme = Files.readString(Path.of("README.md"));

    @LocalManagementPort
    int managementPort;

    private String scraped = "";

    MetricsReadmeTest() throws IOException {}

    @BeforeEach
    void scrape() throws InterruptedException {
        post("{\"input\":[[1,2]],\"label\":[0]}").statusCode(200);
        // counted a little after its answer
        for (int i = 0; i < 200 && !scraped.contains("http_server_requests_seconds_count"); i++) {
            Thread.sleep(25);
            scraped = given().port(managementPort)
                    .noFilters()
                    .get("/actuator/prometheus")
                    .asString();
        }
    }

    private static Set<String> quoted(String text) {
        Set<String> names = new TreeSet<>();
        QUOTED.matcher(text).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    @Test
    void namesTypesAndTags() {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(readme).results().forEach(row -> {
            documented.put(row.group(1), row.group(2) + " " + quoted(row.group(3)));
            if (row.group(2).equals("histogram")) {
                documented.put(row.group(1) + "_max", "gauge " + quoted(row.group(3)));
            }
        });
        Map<String, String> found = new TreeMap<>();
        TYPE.matcher(scraped)
                .results()
                .forEach(type -> found.put(type.group(1), type.group(2) + " " + tags(type.group(1))));
        assertThat(found).isEqualTo(documented).hasSizeGreaterThan(9);
    }

    /** The tags of a metric's samples; that of a histogram's buckets is Prometheus' own. */
    private Set<String> tags(String metric) {
        Set<String> tags = new TreeSet<>();
        SAMPLE.matcher(scraped)
                .results()
                .filter(sample -> sample.group(1).matches(metric + "(_bucket|_count|_sum)?"))
                .filter(sample -> sample.group(2) != null)
                .flatMap(sample -> TAG.matcher(sample.group(2)).results())
                .map(tag -> tag.group(1))
                .filter(tag -> !tag.equals("le"))
                .forEach(tags::add);
        return tags;
    }

    @Test
    void valuesOfTagsThatAreListed() {
        for (String name : Set.of("format", "phase")) {
            Set<String> found = new TreeSet<>();
            for (MatchResult tag : TAG.matcher(scraped).results().toList()) {
                if (tag.group(1).equals(name)) {
                    found.add(tag.group(2));
                }
            }
            String row = readme.lines()
                    .filter(line -> line.startsWith("| `" + name + "` |"))
                    .findFirst()
                    .orElseThrow();
            Set<String> listed = quoted(row);
            listed.remove(name);
            // the scrape itself is none of the service's requests
            found.add("none");
            listed.add("none");
            assertThat(found).isEqualTo(listed);
        }
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        String dashboard = Files.readString(Path.of("src/observability/dashboard.json"));
        Set<String> asked = new TreeSet<>();
        Pattern.compile("\\b(?:loss|http)_\\w+").matcher(dashboard).results().forEach(name -> asked.add(name.group()));
        Set<String> found = new TreeSet<>();
        SAMPLE.matcher(scraped).results().forEach(sample -> found.add(sample.group(1)));
        assertThat(found).containsAll(asked);
        assertThat(asked).hasSizeGreaterThan(9);
    }
}
