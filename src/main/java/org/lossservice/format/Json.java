package org.lossservice.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** How Jackson is used here, and what RFC 8259 asks beyond what Jackson checks. */
final class Json {

    /** Limits are checked by {@link JsonObject}, whose messages say which; Jackson's own stand out of their way. */
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
            .build();

    /** What Jackson's messages say of its own settings and of where it stands: nothing for a client. */
    private static final Pattern OF_JACKSON =
            Pattern.compile(": enable `.*| \\((start marker|for Array|for Object|not recognized).*| \\(code \\d+\\)");

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
        for (int i = 0; i < Math.min(4, length); i++) {
            if (body[i] == 0) {
                throw malformed(i, "the body is not UTF-8 (it looks like UTF-16 or UTF-32)");
            }
        }
        int ascii = 0;
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

    /** The fault behind what Jackson threw while it read {@code body}, in words that name none of its settings. */
    static FaultException malformed(JacksonException exception, byte[] body, int length) {
        String message = OF_JACKSON.matcher(exception.getOriginalMessage()).replaceAll("");
        int offset = (int) Math.max(
                0, exception.getLocation() == null ? 0 : exception.getLocation().getByteOffset());
        if (exception instanceof UnexpectedEndOfInputException || offset >= length) {
            return malformed(
                    length, length == 0 ? "the body is empty" : "the body ends in the middle of the JSON text");
        }
        if (message.startsWith("Non-standard token '")) {
            String token = message.substring(message.indexOf('\'') + 1, message.lastIndexOf('\''));
            return notANumber(offset - token.length(), token);
        }
        if (message.startsWith("Unexpected close marker") && offset > 0 && message.indexOf(body[offset - 1]) >= 0) {
            offset--;
        }
        return malformed(offset, message);
    }

    private static FaultException notANumber(int offset, String token) {
        return malformed(
                offset,
                token
                        + " is not JSON (Python's json writes it unless allow_nan=False); only finite numbers are taken here,"
                        + " and the binary route has non_finite=propagate");
    }
}
