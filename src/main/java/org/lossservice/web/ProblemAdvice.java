package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.exc.JacksonIOException;

/** Answers every exception of a request's handling with a problem. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    static final Fault INTERNAL_ERROR = Fault.of(
            FaultCode.INTERNAL_ERROR, "the service failed; the request was not at fault, its id finds the log entry");

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    void faults(FaultException exception, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Fault first = exception.faults().getFirst();
        if (first.code() == FaultCode.DEADLINE_EXCEEDED) {
            ExchangeValve.cut(request);
        }
        if (first.equals(RequestBody.UNKNOWN_ENCODING)) {
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip, identity");
        } else if (first.code() == FaultCode.UNSUPPORTED_MEDIA_TYPE) {
            response.setHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        }
        Problems.write(exception, request, response);
    }

    /** A query string that cannot be decoded. */
    @ExceptionHandler
    void query(InvalidParameterException exception, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Fault fault = QueryParameters.undecodable(Objects.requireNonNull(request.getQueryString()));
        Problems.write(HttpStatus.BAD_REQUEST, fault, request, response);
    }

    /** The connection failed, while the body was read (ProblemValve then answers) or while the answer was written. */
    @ExceptionHandler({IOException.class, UncheckedIOException.class, JacksonIOException.class})
    void lost(Exception exception, HttpServletRequest request, HttpServletResponse response) {
        LOG.debug("the client went away: {}", exception.toString());
        if (response.isCommitted()) {
            ExchangeValve.cut(request);
        }
    }

    /** A bug of ours: the log gets the exception, the answer a fixed text. */
    @ExceptionHandler
    void bug(Throwable exception, HttpServletRequest request, HttpServletResponse response) throws IOException {
        LOG.error("a bug, or out of memory", exception);
        Problems.write(HttpStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR, request, response);
    }

    /** What Spring refuses itself: routes, methods, media types. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest webRequest) {
        ServletWebRequest exchange = (ServletWebRequest) webRequest;
        HttpServletResponse response = Objects.requireNonNull(exchange.getResponse());
        headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        if (exception instanceof HttpRequestMethodNotSupportedException e) {
            response.setHeader(HttpHeaders.ALLOW, String.join(", ", allowed(e)));
        }
        HttpStatus resolved = HttpStatus.valueOf(status.value());
        try {
            Problems.write(resolved, fault(exception, resolved), exchange.getRequest(), response);
        } catch (IOException e) {
            lost(e, exchange.getRequest(), response);
        }
        return null;
    }

    private static Fault fault(Exception exception, HttpStatus status) {
        return switch (exception) {
            case HttpRequestMethodNotSupportedException e ->
                Fault.of(FaultCode.METHOD_NOT_ALLOWED, "this path takes " + String.join(", ", allowed(e)));
            case HttpMediaTypeNotSupportedException e ->
                Fault.of(FaultCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be " + oneOf(e.getSupportedMediaTypes()));
            case HttpMediaTypeNotAcceptableException e ->
                Fault.of(
                        FaultCode.NOT_ACCEPTABLE,
                        "Accept must allow " + oneOf(e.getSupportedMediaTypes())
                                + (isWithoutJson(e.getSupportedMediaTypes())
                                        ? "; JSON has no NaN and infinities, which non_finite=propagate lets through"
                                        : ""));
            case ErrorResponse e
            when status == HttpStatus.NOT_FOUND ->
                Fault.of(FaultCode.NOT_FOUND, "there is nothing at this path; GET /v1/losses lists the losses");
            default -> {
                if (status.is4xxClientError()) {
                    yield Fault.of(FaultCode.MALFORMED_REQUEST, "this path takes no such request");
                }
                LOG.error("a bug", exception);
                yield INTERNAL_ERROR;
            }
        };
    }

    /** The methods of a path, as OPTIONS lists them: those that are mapped, and HEAD and OPTIONS, which Spring adds. */
    private static Set<String> allowed(HttpRequestMethodNotSupportedException exception) {
        Set<String> allowed = new LinkedHashSet<>();
        for (HttpMethod method : Objects.requireNonNull(exception.getSupportedHttpMethods())) {
            allowed.add(method.name());
            if (method.equals(HttpMethod.GET)) {
                allowed.add(HttpMethod.HEAD.name());
            }
        }
        allowed.add(HttpMethod.OPTIONS.name());
        return allowed;
    }

    /**
     * Whether these are the binary formats without JSON: what is offered where an answer may hold non-finite numbers.
     */
    private static boolean isWithoutJson(List<MediaType> types) {
        return types.contains(MediaType.valueOf(TensorMedia.NPZ)) && !types.contains(MediaType.APPLICATION_JSON);
    }

    private static String oneOf(List<MediaType> types) {
        List<String> names = types.stream().map(MediaType::toString).distinct().toList();
        return names.size() == 1 ? names.getFirst() : "one of " + String.join(", ", names);
    }
}
