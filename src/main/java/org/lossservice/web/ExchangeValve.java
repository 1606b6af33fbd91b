package org.lossservice.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Surrounds every exchange: sends its answer to the end, then reads what is left of the request's body. */
final class ExchangeValve extends ValveBase {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeValve.class);

    /** The request attribute that tells that the connection is to be closed. */
    private static final String CUT = ExchangeValve.class.getName() + ".cut";

    private final Shutdown shutdown;
    private final Leftovers leftovers;

    ExchangeValve(Shutdown shutdown, Leftovers leftovers) {
        this.shutdown = shutdown;
        this.leftovers = leftovers;
    }

    /**
     * Has the connection closed. An answer that has not begun is sent before, but the rest of the body is not waited
     * for: the client sends too slowly. An answer that has begun is cut off, so that nobody takes it for complete.
     */
    static void cut(ServletRequest request) {
        request.setAttribute(CUT, true);
    }

    @Override
    public void invoke(Request request, Response response) throws ServletException {
        if (!shutdown.arrive()) {
            // for the log alone: nothing is sent
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            close(response);
            return;
        }
        if (shutdown.begun() || isCrowded(request)) {
            response.setHeader("Connection", "close");
        }
        try {
            getNext().invoke(request, response);
            finish(request, response);
        } catch (IOException e) {
            LOG.debug("the client went away: {}", e.toString());
            close(response);
        } finally {
            shutdown.depart();
        }
    }

    /** Whether more than three quarters of the connections are taken: then nobody keeps one that is idle. */
    private static boolean isCrowded(Request request) {
        GracefulProtocol protocol = (GracefulProtocol) request.getConnector().getProtocolHandler();
        return 4 * protocol.getConnectionCount() > 3L * protocol.getMaxConnections();
    }

    private void finish(Request request, Response response) throws IOException {
        boolean cut = request.getAttribute(CUT) != null;
        if (!cut || !response.isCommitted()) {
            response.finishResponse();
        }
        org.apache.coyote.Request body = request.getCoyoteRequest();
        // a client that waits for 100 Continue and is answered without it need not send its body: what comes next may
        // be the
        // body or a request
        boolean unknown = body.hasExpectation() && body.getBytesRead() == 0;
        if (cut || unknown || !leftovers.discard(body)) {
            close(response);
        }
    }

    private static void close(Response response) {
        // keeps the status for log and metrics: closing sets it to 500, as if the service were at fault
        int status = response.getStatus();
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        response.getCoyoteResponse().setStatus(status);
    }
}
