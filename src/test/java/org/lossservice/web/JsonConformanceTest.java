package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lossservice.web.ReferenceJson.Malformed;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What RFC 8259 forbids is refused with 400 and the byte at fault; what it allows is not. */
class JsonConformanceTest extends HttpTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    static List<String> forbidden() {
        return lines("not-json.txt");
    }

    static List<String> allowed() {
        return lines("json.txt");
    }

    private static List<String> lines(String file) {
        try {
            return new ClassPathResource(file)
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theSetIsLarge() {
        assertThat(forbidden()).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource
    void forbidden(String line) {
        assertMalformed(bytes(line));
    }

    @ParameterizedTest
    @MethodSource
    void allowed(String line) {
        byte[] body = bytes(line);
        assertThatNoException().isThrownBy(() -> ReferenceJson.read(body, new ReferenceJson.Extent()));
        assertThat(postQuickly(body).statusCode()).isEqualTo(422);
    }

    @Test
    void truncatedAtEveryByte() {
        byte[] body = quotes(" {'input':[[1.5e-1,-2],[0,3]],'label':[0,1],'name':'\\u00e9\\ud83d\\ude00é😀\\n',"
                        + "'weight':null,'return_gradient':true,'p':2,'x':{'y':[{}]}} ")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(postQuickly(body).statusCode()).isEqualTo(422);
        for (int length = 0; length < body.length - 1; length++) {
            assertMalformed(Arrays.copyOf(body, length));
        }
    }

    private void assertMalformed(byte[] body) {
        Malformed expected =
                catchThrowableOfType(Malformed.class, () -> ReferenceJson.read(body, new ReferenceJson.Extent()));
        assertThat(expected).as("what the reference says").isNotNull();
        HttpResponse<byte[]> response = postQuickly(body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
        JsonNode problem = MAPPER.readTree(response.body());
        assertThat(problem.get("code").asString()).isEqualTo("malformed_json");
        assertThat(problem.get("errors").size()).isEqualTo(1);
        assertThat(problem.at("/errors/0/offset").asInt()).isIn(expected.token, expected.certain);
    }

    /** The bytes of a line, in which {@code \xHH} stands for a byte. */
    private static byte[] bytes(String line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < line.length(); ) {
            if (line.startsWith("\\x", i)) {
                bytes.write(HexFormat.fromHexDigits(line, i + 2, i + 4));
                i += 4;
            } else {
                int c = line.codePointAt(i);
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        return bytes.toByteArray();
    }
}
