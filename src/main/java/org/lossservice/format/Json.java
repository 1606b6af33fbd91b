package org.lossservice.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** How Jackson is used here, and what RFC 8259 asks beyond what Jackson checks. */
final class Json {

    /** Jackson's own limits are out of the way: {@link JsonLimits} has those that hold, and its messages name them. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private Json() {}

    /** A parser of {@code body[start, end)}. */
    static JsonParser parser(byte[] body, int start, int end) {
        return FACTORY.createParser(ObjectReadContext.empty(), body, start, end - start);
    }

    /**
     * Refuses what is not UTF-8 (overlong forms and surrogates included), a byte order mark, and UTF-16 and UTF-32, which
     * Jackson would detect and read.
     *
     * @throws FaultException {@code MALFORMED_JSON} with the offset of the first byte at fault
     */
    static void requireUtf8(byte[] body, int length) {
        if (length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF) {
            throw malformed(0, "the body starts with a byte order mark; send UTF-8 without one");
        }
        requireDecodable(body, length);
        for (int i = 0; i < Math.min(4, length); i++) {
            if (body[i] == 0) {
                throw JsonGrammar.fault(body, length);
            }
        }
    }

    private static void requireDecodable(byte[] body, int length) {
        int ascii = 0;
        while (ascii <= length - Long.BYTES && EightBytes.isAscii(EightBytes.get(body, ascii))) {
            ascii += Long.BYTES;
        }
        while (ascii < length && body[ascii] >= 0) {
            ascii++;
        }
        if (ascii == length) {
            return;
        }
        // Java's decoder reports overlong forms and encoded surrogates, as RFC 3629 asks
        ByteBuffer bytes = ByteBuffer.wrap(body, ascii, length - ascii);
        CharBuffer characters = CharBuffer.allocate(4096);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result;
        do {
            characters.clear();
            result = decoder.decode(bytes, characters, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw malformed(bytes.position(), "the body is not UTF-8");
        }
    }

    static FaultException malformed(long offset, String detail) {
        return new FaultException(Fault.at(FaultCode.MALFORMED_JSON, offset, detail + " (at byte " + offset + ")"));
    }
}
