package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.json.JsonMapper;

/** Turns faults into error answers, and writes them: the one place that knows statuses, pointers and the media type. */
final class Problems {

    /** The request attribute with the names of a binary route's query parameters; its other faults are located by tensor. */
    static final String BINARY = Problems.class.getName() + ".binary";

    private static final int LONGEST_INSTANCE = 256;
    private static final JsonMapper MAPPER = new JsonMapper();

    private Problems() {}

    /** The status that a code is answered with. */
    static HttpStatus status(FaultCode code) {
        return switch (code.category()) {
            case MALFORMED -> HttpStatus.BAD_REQUEST;
            case INVALID -> HttpStatus.UNPROCESSABLE_CONTENT;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> HttpStatus.NOT_ACCEPTABLE;
            case UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    /** Answers with the faults of a request. */
    static void write(FaultException exception, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<Fault> faults = exception.faults();
        write(status(faults.getFirst().code()), faults, exception.total(), request, response);
    }

    /** Answers with one fault, under a status that may differ from the one its code stands for. */
    static void write(HttpStatus status, Fault fault, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(status, List.of(fault), 1, request, response);
    }

    private static void write(
            HttpStatus status, List<Fault> faults, long total, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            ExchangeValve.cut(request);
            return;
        }
        RequestProgress.of(request).fail(faults.getFirst().code());
        List<?> parameters = request.getAttribute(BINARY) instanceof List<?> names ? names : null;
        Problem problem = new Problem(
                "about:blank",
                status.getReasonPhrase(),
                status.value(),
                total == 1
                        ? faults.getFirst().detail()
                        : total + " problems; the first: " + faults.getFirst().detail(),
                instance(request),
                faults.getFirst().code().toString(),
                RequestIdFilter.idOf(request),
                faults.stream().map(fault -> item(fault, parameters)).toList(),
                total);
        byte[] body = MAPPER.writeValueAsBytes(problem);
        response.resetBuffer();
        // set for an answer that a problem now replaces; null removes it
        response.setHeader("Content-Disposition", null);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (status == HttpStatus.SERVICE_UNAVAILABLE && !response.containsHeader("Retry-After")) {
            response.setHeader("Retry-After", "1");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Problem.Item item(Fault fault, @Nullable List<?> parameters) {
        String code = fault.code().toString();
        String name = fault.name();
        List<Integer> index = fault.index().isEmpty() ? null : fault.index();
        if (fault.offset() >= 0) {
            return new Problem.Item(code, fault.detail(), null, null, null, null, fault.offset());
        }
        boolean query = fault.code() == FaultCode.UNKNOWN_PARAMETER || fault.code() == FaultCode.MALFORMED_REQUEST;
        if (query || (parameters != null && isParameter(fault, parameters))) {
            return new Problem.Item(code, fault.detail(), null, name, null, null, null);
        }
        if (fault.code() == FaultCode.RESULT_OVERFLOW || parameters != null) {
            return new Problem.Item(code, fault.detail(), null, null, name, index, null);
        }
        boolean located = name != null || fault.code().category() == FaultCode.Category.INVALID;
        String pointer = located ? pointer(name, fault.index()) : null;
        return new Problem.Item(code, fault.detail(), pointer, null, null, null, null);
    }

    /** Whether the fault of a binary request lies in a query parameter; a tensor of such a name is an unknown one. */
    private static boolean isParameter(Fault fault, List<?> parameters) {
        return fault.code() != FaultCode.UNKNOWN_FIELD && fault.name() != null && parameters.contains(fault.name());
    }

    /** A JSON Pointer in the fragment form of RFC 6901, section 6. */
    private static String pointer(@Nullable String name, List<Integer> index) {
        StringBuilder pointer = new StringBuilder("#");
        if (name != null) {
            String token = name.replace("~", "~0").replace("/", "~1");
            pointer.append('/').append(UriUtils.encodeFragment(token, StandardCharsets.UTF_8));
        }
        index.forEach(i -> pointer.append('/').append(i));
        return pointer.toString();
    }

    private static String instance(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path == null || path.length() > LONGEST_INSTANCE || !path.startsWith("/") ? "/" : path;
    }
}
