package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.springframework.util.unit.DataSize;

/** The bytes of a request's body, held in memory within a limit: the first {@link #length} of {@link #bytes}. */
final class RequestBody {

    /** The fault of a Content-Encoding that is not known here. */
    static final Fault UNKNOWN_ENCODING =
            Fault.of(FaultCode.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding must be gzip or identity");

    private static final int FIRST_BUFFER = 1 << 16;

    /** How long a body is taken to be that does not say. */
    private static final int UNANNOUNCED = (1 << 10) - 1;

    /** How many times as large as what has arrived the buffer may become, where as much is announced. */
    private static final long GROWTH = 32;

    private final byte[] bytes;
    private final int length;

    private RequestBody(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /**
     * Reads a body, inflating it where it comes gzipped.
     *
     * @param setting the name of the limit, for the message
     * @param ticket where memory is reserved before it is taken
     * @throws FaultException {@code OVERLOADED} where the memory is taken, {@code DEADLINE_EXCEEDED} where the bytes come too
     *     slowly, {@code TOO_LARGE} where there are more bytes than {@code limit}, announced or not;
     *     {@code MALFORMED_ENCODING} where they are not the gzip they are said to be; {@code UNSUPPORTED_MEDIA_TYPE} for
     *     another encoding
     */
    static RequestBody read(HttpServletRequest request, DataSize limit, String setting, Admission.Ticket ticket)
            throws IOException {
        boolean gzip = isGzip(String.join(", ", Collections.list(request.getHeaders("Content-Encoding"))));
        long announced = request.getContentLengthLong();
        if (announced > limit.toBytes()) {
            throw tooLarge("the body has " + announced + " bytes, the limit", limit, setting);
        }
        if (!gzip) {
            int expected = announced < 0 ? UNANNOUNCED : (int) announced;
            return readAll(request.getInputStream(), limit, setting, expected, "the body has", ticket);
        }
        // the gzipped bytes are counted, too: a body could go on for ever and inflate to nothing
        LongConsumer progress = bytes -> {
            requireWithin(limit, bytes, "the body has", setting);
            ticket.requireProgress(bytes);
        };
        try (InputStream inflated = new GzipBody(request.getInputStream(), progress)) {
            return readAll(inflated, limit, setting, UNANNOUNCED, "the inflated body has", ticket);
        }
    }

    private static boolean isGzip(String encodings) {
        return switch (encodings.trim().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw new FaultException(UNKNOWN_ENCODING);
        };
    }

    private static RequestBody readAll(
            InputStream in, DataSize limit, String setting, int expected, String subject, Admission.Ticket ticket)
            throws IOException {
        ticket.reserveForBody(expected);
        // what a client announces is believed only as its bytes arrive; one byte more than expected finds the end
        byte[] bytes = new byte[Math.min(expected + 1, FIRST_BUFFER)];
        int length = 0;
        int read;
        while ((read = in.read(bytes, length, bytes.length - length)) >= 0) {
            length += read;
            ticket.requireProgress(length);
            requireWithin(limit, length, subject, setting);
            if (length == bytes.length) {
                int next = next(length, expected, Math.min(limit.toBytes(), ticket.longestBody()));
                // the byte beyond the body that finds its end is not counted
                ticket.reserveForBody(Math.max(length, next - 1));
                bytes = Arrays.copyOf(bytes, next);
            }
        }
        return new RequestBody(bytes, length);
    }

    /**
     * The next size of a full buffer: much larger while more is expected, because each step copies all that is there.
     */
    private static int next(int length, int expected, long longest) {
        return length <= expected
                ? (int) Math.min(GROWTH * length, expected + 1L)
                : (int) Math.min(2L * length, longest + 1);
    }

    private static void requireWithin(DataSize limit, long bytes, String subject, String setting) {
        if (bytes > limit.toBytes()) {
            throw tooLarge(
                    subject + " " + bytes + " or more bytes, and was read no further; the limit", limit, setting);
        }
    }

    private static FaultException tooLarge(String what, DataSize limit, String setting) {
        return new FaultException(
                Fault.of(FaultCode.TOO_LARGE, what + " is " + limit.toBytes() + " (loss.limits." + setting + ")"));
    }
}
