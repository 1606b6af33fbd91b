package org.lossservice.web;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** No time to compute at all. */
@TestPropertySource(properties = "loss.admission.deadline=0s")
class DeadlineHttpTest extends HttpTest {

    @Test
    void json() {
        post("{\"input\":[[1,2]],\"label\":[0]}")
                .statusCode(503)
                .contentType(PROBLEM)
                .header("Retry-After", "1")
                .body("code", equalTo("deadline_exceeded"))
                .body("detail", containsString("loss.admission.deadline"));
    }

    @Test
    void whatIsWrongIsStillSaid() {
        post("{\"input\":[[1,2]],\"label\":[2]}").statusCode(422).body("errors[0].pointer", equalTo("#/label/0"));
    }
}
