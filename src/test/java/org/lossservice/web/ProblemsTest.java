package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What becomes of an answer that was begun. */
class ProblemsTest {

    @Test
    void nothingOfAnotherAnswerIsLeft() throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        response.setContentType(TensorMedia.NPZ);
        response.setHeader("Content-Disposition", "attachment; filename=\"multi-margin.npz\"");
        response.setContentLength(1000);
        response.getOutputStream().write(new byte[100]);

        Problems.write(
                HttpStatus.INTERNAL_SERVER_ERROR,
                ProblemAdvice.INTERNAL_ERROR,
                new MockHttpServletRequest("POST", "/v1"),
                response);

        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        assertThat(response.getHeader("Content-Disposition")).isNull();
        assertThat(response.getContentAsString())
                .startsWith("{")
                .contains("\"internal_error\"")
                .endsWith("}");
        assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
    }
}
