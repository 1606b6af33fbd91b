package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Too little time for one wide row, with a power that is computed number by number; ThreadsTest has it end between chunks. */
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
        return ("{\"p\":2147483647,\"margin\":1e-9,\"input\":" + row + ",\"label\":[0]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void oneWideRowIsGivenUp() {
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
