package org.lossservice.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Set;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FaultCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Observes all requests: names them on the log's lines, and at their end writes one line, counts them and ends their trace. As
 * a part of the container it knows of those that never reach the service too. Nothing here tells of queries or bodies.
 */
final class ObservingValve extends ValveBase implements AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.lossservice.access");
    private static final int LONGEST_PATH = 256;
    private static final String OTHER = "UNKNOWN";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final Telemetry telemetry;
    private final @Nullable Tracing tracing;

    ObservingValve(Telemetry telemetry, @Nullable Tracing tracing) {
        super(true);
        this.telemetry = telemetry;
        this.tracing = tracing;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (tracing != null) {
            tracing.start(request);
        }
        name(request);
        try {
            getNext().invoke(request, response);
        } finally {
            MDC.clear();
        }
    }

    /** Puts on every line of the log, until the MDC is cleared, which request it belongs to. */
    private static void name(Request request) {
        MDC.put("http.request.id", RequestIdFilter.idOf(request));
        String trace = Tracing.traceOf(request);
        if (trace != null) {
            MDC.put("trace.id", trace);
        }
    }

    /** Called by the container once the answer has gone out. */
    @Override
    public void log(Request request, Response response, long nanoseconds) {
        if (!response.isCommitted() && "*".equals(request.getRequestURI())) {
            // OPTIONS * is answered by the container itself, past all valves and filters, once it has told of it here
            RequestIdFilter.mark(request, response);
            response.setHeader("Allow", "GET, HEAD, POST, OPTIONS");
        }
        RequestProgress progress = RequestProgress.of(request);
        progress.end();
        String method = request.getMethod();
        String knownMethod = method != null && METHODS.contains(method) ? method : OTHER;
        String route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern
                ? pattern
                : OTHER;
        int status = response.getStatus();
        long received = request.getCoyoteRequest().getBytesRead();
        long sent = response.getBytesWritten(false);
        telemetry.record(progress, knownMethod, route, status, nanoseconds, received, sent);
        if (tracing != null) {
            tracing.end(request, progress, knownMethod, route, status);
        }
        String path = path(request);
        Level level = PROBES.contains(path) ? Level.DEBUG : Level.INFO;
        if (LOG.isEnabledForLevel(level)) {
            name(request);
            line(level, knownMethod, path, status, progress.problem(), received, sent, nanoseconds);
            MDC.clear();
        }
    }

    /** The names are those of the Elastic Common Schema. */
    private static void line(
            Level level,
            String method,
            String path,
            int status,
            @Nullable FaultCode problem,
            long received,
            long sent,
            long nanoseconds) {
        LoggingEventBuilder line = LOG.atLevel(level)
                .addKeyValue("http.request.method", method)
                .addKeyValue("http.request.body.bytes", received)
                .addKeyValue("http.response.status_code", status)
                .addKeyValue("http.response.body.bytes", sent)
                .addKeyValue("url.path", path)
                .addKeyValue("event.duration", nanoseconds);
        if (problem != null) {
            line = line.addKeyValue("error.code", problem.toString());
        }
        line.log("{} {} {}", method, path, status);
    }

    /** What was asked for, still encoded as it came in, so that it is one line. */
    private static String path(Request request) {
        String path = request.getRequestURI();
        if (path == null) {
            return "";
        }
        return path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path;
    }

    @Override
    public void setRequestAttributesEnabled(boolean enabled) {
        // for addresses that a gateway forwards; the line has none
    }

    @Override
    public boolean getRequestAttributesEnabled() {
        return false;
    }
}
