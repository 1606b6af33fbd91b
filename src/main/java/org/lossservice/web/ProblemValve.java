package org.lossservice.web;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Answers with a problem what Tomcat refuses before the service sees it, and what escapes from the service. */
public class ProblemValve extends ErrorReportValve {

    private static final Fault STALLED = Fault.of(FaultCode.DEADLINE_EXCEEDED, "the rest of the body did not come");
    private static final Fault CUT = Fault.of(FaultCode.MALFORMED_REQUEST, "the rest of the body is missing");

    /** What the container's exception says of a head that is too large. */
    private static final String HEAD_TOO_LARGE =
            StringManager.getManager("org.apache.coyote.http11").getString("iib.requestheadertoolarge.error");

    /** The container's messages about header fields, that there are too many of them included. */
    private static final StringManager FIELDS = StringManager.getManager("org.apache.tomcat.util.http");

    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int code = response.getStatus();
        if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        // below 500 the exception is about a malformed request line or header: strangers must not be able to fill the
        // log
        if (thrown != null && !(thrown instanceof IOException) && code >= 500) {
            LOG.error("escaped from the service", thrown);
        }
        switch (thrown) {
            case SocketTimeoutException e -> {
                // nor is the rest waited for again
                ExchangeValve.cut(request);
                answer(HttpStatus.SERVICE_UNAVAILABLE, STALLED, request, response);
            }
            // the client ended its half of the connection, and may still listen
            case EOFException e -> answer(HttpStatus.BAD_REQUEST, CUT, request, response);
            case null, default -> {
                HttpStatus resolved = HttpStatus.resolve(code);
                HttpStatus status = resolved == null ? HttpStatus.BAD_REQUEST : status(resolved, request, thrown);
                answer(status, fault(status, request), request, response);
            }
        }
    }

    private static void answer(HttpStatus status, Fault fault, Request request, Response response) {
        try {
            RequestIdFilter.mark(request, response);
            // the container closes the connection after each of these, but does not always say so
            response.setHeader("Connection", "close");
            // Spring's sendError, for a Range, has ended the answer for servlets already
            response.setAppCommitted(false);
            Problems.write(status, fault, request, response.getResponse());
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("the client went away: {}", e.toString());
        }
    }

    /**
     * The container answers 400 to a head that is too large as well; only the exception's message tells the difference.
     */
    private static HttpStatus status(HttpStatus status, Request request, @Nullable Throwable thrown) {
        String message = thrown == null ? null : thrown.getMessage();
        if (status != HttpStatus.BAD_REQUEST || message == null) {
            return status;
        }
        if (message.equals(HEAD_TOO_LARGE)) {
            return isLineTooLong(request) ? HttpStatus.URI_TOO_LONG : HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        }
        return message.equals(FIELDS.getString(
                        "headers.maxCountFail", protocol(request).getMaxHeaderCount()))
                ? HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : status;
    }

    /** Whether the request line alone exceeds what a head may have; it may have been read in part only. */
    private static boolean isLineTooLong(Request request) {
        org.apache.coyote.Request line = request.getCoyoteRequest();
        if (line.requestURI().isNull()) {
            return true;
        }
        MessageBytes query = line.queryString();
        int length = line.getMethod().length()
                + (1 + line.requestURI().getLength())
                + (query.isNull() ? 0 : 1 + query.getLength())
                + (1 + line.protocol().getLength() + "\r\n".length());
        return length > protocol(request).getMaxHttpRequestHeaderSize();
    }

    private static AbstractHttp11Protocol<?> protocol(Request request) {
        return (AbstractHttp11Protocol<?>) request.getConnector().getProtocolHandler();
    }

    private static Fault fault(HttpStatus status, Request request) {
        return switch (status) {
            case NOT_FOUND -> Fault.of(FaultCode.NOT_FOUND, "there is nothing at this path");
            case URI_TOO_LONG -> Fault.of(FaultCode.TOO_LARGE, "the request line is too long; " + mostOfHead(request));
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                Fault.of(
                        FaultCode.TOO_LARGE,
                        "the header fields are too large or too many; " + mostOfHead(request) + " and "
                                + protocol(request).getMaxHeaderCount() + " fields");
            case REQUESTED_RANGE_NOT_SATISFIABLE ->
                Fault.of(FaultCode.MALFORMED_REQUEST, "the Range header asks for bytes that are not there");
            case EXPECTATION_FAILED ->
                Fault.of(FaultCode.MALFORMED_REQUEST, "the Expect header may be 100-continue, and nothing else");
            case NOT_IMPLEMENTED ->
                Fault.of(
                        FaultCode.MALFORMED_REQUEST,
                        "neither CONNECT nor any Transfer-Encoding but chunked is known here");
            case HTTP_VERSION_NOT_SUPPORTED ->
                Fault.of(FaultCode.MALFORMED_REQUEST, "this version of HTTP is not spoken here; 1.1 is");
            case SERVICE_UNAVAILABLE ->
                Fault.of(FaultCode.OVERLOADED, "the service takes no requests now; try another");
            default ->
                status.is5xxServerError()
                        ? ProblemAdvice.INTERNAL_ERROR
                        : Fault.of(FaultCode.MALFORMED_REQUEST, "this is not a valid HTTP request");
        };
    }

    private static String mostOfHead(Request request) {
        return "the head of a request may have " + protocol(request).getMaxHttpRequestHeaderSize()
                + " bytes (server.max-http-request-header-size)";
    }
}
