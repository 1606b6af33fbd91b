package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come gzipped: exactly RFC 1952, of which every byte counts. */
class GzippedBodyHttpTest extends HttpTest {

    private static final byte[] GOOD = "{\"input\":[[1,2]],\"label\":[0]}".getBytes(StandardCharsets.US_ASCII);

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] changed(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static ValidatableResponse post(byte[] body, String... encodings) {
        return given().header("Content-Type", "application/json")
                .header("Content-Encoding", encodings[0], (Object[]) Arrays.copyOfRange(encodings, 1, encodings.length))
                .body(body)
                .post(ROUTE)
                .then();
    }

    private static void isMalformed(byte[] body, int offset, String detail) {
        post(body, "gzip")
                .statusCode(400)
                .body("code", equalTo("malformed_encoding"))
                .body("errors", hasSize(1))
                .body("errors[0].offset", equalTo(offset))
                .body("detail", containsString(detail));
    }

    @Test
    void areInflated() throws IOException {
        post(gzip(GOOD), "gzip").statusCode(200).body("loss.shape", hasSize(0));
        post(gzip(GOOD), "X-GZip").statusCode(200);
    }

    /** A body of several members is the members' contents joined: gzip's own tools write such files. */
    @Test
    void mayHaveSeveralMembers() throws IOException {
        byte[] head = Arrays.copyOf(GOOD, 10);
        byte[] tail = Arrays.copyOfRange(GOOD, 10, GOOD.length);
        post(join(gzip(head), gzip(new byte[0]), gzip(tail)), "gzip").statusCode(200);
    }

    /** All that a header may hold: extra bytes, a name, a comment and a CRC of itself. */
    @Test
    void mayHaveALongHeader() throws IOException {
        byte[] header = HexFormat.of().parseHex("1f8b081e00000000000303006162636e616d6500636f6d6d656e7400");
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        byte[] rest = Arrays.copyOfRange(gzip(GOOD), 10, gzip(GOOD).length);
        post(join(header, check, rest), "gzip").statusCode(200);
        isMalformed(join(header, changed(check, 0), rest), header.length + 2, "the CRC that it says");
    }

    @Test
    void mayHaveNothingBehind() throws IOException {
        byte[] whole = gzip(GOOD);
        isMalformed(join(whole, "trailing".getBytes(StandardCharsets.US_ASCII)), whole.length, "follows");
        isMalformed(join(whole, new byte[1]), whole.length, "follows");
        isMalformed(join(whole, Arrays.copyOf(whole, 5)), whole.length + 5, "cut short");
    }

    @Test
    void mustBeGzip() throws IOException {
        byte[] whole = gzip(GOOD);
        isMalformed(GOOD, 0, "is not gzip");
        isMalformed(new byte[0], 0, "is empty");
        isMalformed(changed(whole, 2), 2, "is not gzip");
        byte[] flags = whole.clone();
        flags[3] = 0x20;
        isMalformed(flags, 3, "flags");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 12, 30})
    void mustBeWhole(int length) throws IOException {
        isMalformed(Arrays.copyOf(gzip(GOOD), length), length, "cut short");
    }

    @Test
    void mustBeWhatTheTrailerSays() throws IOException {
        byte[] whole = gzip(GOOD);
        isMalformed(changed(whole, whole.length - 8), whole.length - 4, "CRC-32");
        isMalformed(changed(whole, whole.length - 1), whole.length, "length");
        byte[] type = whole.clone();
        type[10] |= 6;
        isMalformed(type, 11, "is not deflated data");
    }

    @Test
    void inflatedBytesCount() throws IOException {
        // the limit of these tests is 1 MB; this is 64 KB that inflate to 64 MB
        byte[] bomb = gzip(new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(1 << 17);
        post(bomb, "gzip")
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body("detail", containsString("the inflated body has 1048577 or more bytes, and was read no further"))
                .body("detail", containsString("(loss.limits.json-body)"));
    }

    /** Chunked, so that nothing is announced: members that hold nothing come to an end all the same. */
    @Test
    void bytesThatInflateToNothingCount() throws IOException {
        byte[] empty = gzip(new byte[0]);
        byte[] chunk = new byte[empty.length * 1024];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = empty[i % empty.length];
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + ROUTE + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 64; i++) {
                out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .containsPattern(
                            "the body has 10[0-9]{5} or more bytes, and was read no further; the limit is 1048576 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"br,", "deflate,", "zstd,", "'gzip, gzip',", "x,", "gzip, br", "gzip, gzip", "identity, gzip"})
    void otherEncodingsAreNotTaken(String first, String second) throws IOException {
        String[] encodings = second == null ? new String[] {first} : new String[] {first, second};
        post(gzip(GOOD), encodings)
                .statusCode(415)
                .header("Accept-Encoding", "gzip, identity")
                .body("code", equalTo("unsupported_media_type"))
                .body("detail", containsString("gzip"));
    }
}
