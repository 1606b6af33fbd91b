package org.lossservice.web;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
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

    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int code = response.getStatus();
        if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        // below 500 it tells of a request line or header that cannot be read: what strangers send must not fill the log
        if (thrown != null && !(thrown instanceof IOException) && code >= 500) {
            LOG.error("escaped from the service", thrown);
        }
        switch (thrown) {
            case SocketTimeoutException e -> answer(HttpStatus.SERVICE_UNAVAILABLE, STALLED, request, response);
            // the client ended its half of the connection, and may still listen
            case EOFException e -> answer(HttpStatus.BAD_REQUEST, CUT, request, response);
            case null, default -> {
                HttpStatus resolved = HttpStatus.resolve(code);
                HttpStatus status = resolved == null ? HttpStatus.BAD_REQUEST : resolved;
                answer(status, fault(status), request, response);
            }
        }
    }

    private static void answer(HttpStatus status, Fault fault, Request request, Response response) {
        try {
            response.setHeader(RequestIdFilter.HEADER, RequestIdFilter.idOf(request));
            response.setHeader("Cache-Control", "no-store");
            Problems.write(status, fault, request, response.getResponse());
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("the client went away: {}", e.toString());
        }
    }

    private static Fault fault(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> Fault.of(FaultCode.NOT_FOUND, "there is nothing at this path");
            case METHOD_NOT_ALLOWED, NOT_IMPLEMENTED ->
                Fault.of(FaultCode.METHOD_NOT_ALLOWED, "this method is not supported here");
            case CONTENT_TOO_LARGE, URI_TOO_LONG, REQUEST_HEADER_FIELDS_TOO_LARGE ->
                Fault.of(FaultCode.TOO_LARGE, "the request line or the header fields are too large");
            case SERVICE_UNAVAILABLE ->
                Fault.of(FaultCode.OVERLOADED, "the service takes no requests now; try another");
            default ->
                status.is5xxServerError() && status != HttpStatus.HTTP_VERSION_NOT_SUPPORTED
                        ? ProblemAdvice.INTERNAL_ERROR
                        : Fault.of(FaultCode.MALFORMED_REQUEST, "this is not a valid HTTP request");
        };
    }
}
