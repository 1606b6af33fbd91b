package org.lossservice.web;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lossservice.web.RequestProgress.Step;

/** Records requests as spans of their clients' traces, with a span for each phase. */
final class Tracing {

    private static final String ATTRIBUTE = Tracing.class.getName();

    /** W3C Trace Context, section 3.2; an id of nothing but zeros is none. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private final Tracer tracer;
    private final Propagator propagator;

    Tracing(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    /** Begins a request's span. */
    void start(HttpServletRequest request) {
        Span span = propagator
                .extract(request, HttpServletRequest::getHeader)
                .kind(Span.Kind.SERVER)
                .start();
        request.setAttribute(ATTRIBUTE, span);
    }

    /** Ends a request's span, and adds those of its phases; the names and tags are those of OpenTelemetry's conventions. */
    void end(HttpServletRequest request, RequestProgress progress, String method, String route, int status) {
        Span span = spanOf(request);
        if (span == null) {
            return;
        }
        if (Boolean.TRUE.equals(span.context().sampled())) {
            span.name(method + " " + route)
                    .tag("http.request.method", method)
                    .tag("http.route", route)
                    .tag("http.response.status_code", status)
                    .tag("loss.format", progress.format())
                    .tag("loss.dtype", Telemetry.label(progress.dtype()))
                    .tag("loss.reduction", Telemetry.label(progress.reduction()))
                    .tag("loss.rows", progress.rows())
                    .tag("loss.elements", progress.elements());
            if (progress.problem() != null) {
                span.tag("error.type", Telemetry.label(progress.problem()));
            }
            phases(span, progress);
        }
        span.end();
    }

    private void phases(Span request, RequestProgress progress) {
        Instant now = Instant.now();
        long offset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
        for (Step step : progress.steps()) {
            long began = offset + step.began();
            tracer.spanBuilder()
                    .setParent(request.context())
                    .name(step.phase().toString())
                    .startTimestamp(began, TimeUnit.NANOSECONDS)
                    .start()
                    .end(began + step.took(), TimeUnit.NANOSECONDS);
        }
    }

    /** The trace that a request belongs to: the one that is recorded, or else what the client says. */
    static @Nullable String traceOf(HttpServletRequest request) {
        Span span = spanOf(request);
        if (span != null) {
            return span.context().traceId();
        }
        String header = request.getHeader("traceparent");
        if (header == null) {
            return null;
        }
        Matcher matcher = TRACEPARENT.matcher(header);
        return matcher.matches() ? matcher.group(1) : null;
    }

    private static @Nullable Span spanOf(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Span span ? span : null;
    }
}
