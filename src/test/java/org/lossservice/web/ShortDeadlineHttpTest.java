package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Too little time to read one wide row, let alone to compute with it; ThreadsTest has that end. */
@TestPropertySource(
        properties = {
            "loss.limits.json-body=17MB",
            "loss.limits.elements=8388608",
            "loss.admission.memory=200MB",
            "loss.admission.deadline=20ms"
        })
class ShortDeadlineHttpTest extends HttpTest {

    @Autowired
    Admission admission;

    private static byte[] batch(int columns) {
        String row = "[[0" + ",0".repeat(columns - 1) + "]]";
        // read to its end it would be a 422
        return ("{\"input\":" + row + ",\"label\":[-1]}").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void readingIsGivenUp() {
        HttpResponse<byte[]> answer = postQuickly(batch(1 << 23));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.headers().firstValue("Content-Type")).contains(PROBLEM);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"deadline_exceeded\"", "loss.admission.deadline");
        assertThat(admission.reserved()).isZero();
        assertThat(admission.working()).isZero();
    }
}
