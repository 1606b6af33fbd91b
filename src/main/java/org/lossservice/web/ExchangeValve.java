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

/** What is around every exchange: its answer goes out to the end, then the rest of its body is taken in. */
final class ExchangeValve extends ValveBase {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeValve.class);

    /** The request attribute that tells that the connection is of no use any more. */
    private static final String CUT = ExchangeValve.class.getName() + ".cut";

    private final Shutdown shutdown;
    private final Leftovers leftovers;

    ExchangeValve(Shutdown shutdown, Leftovers leftovers) {
        this.shutdown = shutdown;
        this.leftovers = leftovers;
    }

    /**
     * Has the connection cut: after the answer where that was not begun, because the client sends too slowly to wait for the
     * rest; in the middle where it was, so that nobody takes it for complete.
     */
    static void cut(ServletRequest request) {
        request.setAttribute(CUT, true);
    }

    @Override
    public void invoke(Request request, Response response) throws ServletException {
        if (!shutdown.arrive()) {
            // for the log: nothing of it goes out
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

    /** Whether so many are connected that others may have to wait: then nobody keeps a connection that is not used. */
    private static boolean isCrowded(Request request) {
        GracefulProtocol protocol = (GracefulProtocol) request.getConnector().getProtocolHandler();
        return 4 * protocol.getConnectionCount() > 3L * protocol.getMaxConnections();
    }

    private void finish(Request request, Response response) throws IOException {
        boolean cut = request.getAttribute(CUT) != null;
        if (!cut || !response.isCommitted()) {
            response.finishResponse();
        }
        // who waits for 100 Continue and was refused sends nothing
        boolean expected = request.getCoyoteRequest().hasExpectation();
        if (cut || (!expected && !leftovers.discard(request.getCoyoteRequest()))) {
            close(response);
        }
    }

    private static void close(Response response) {
        // what was answered stays so for log and metrics: the container would make a 500 of it, a fault of the service
        int status = response.getStatus();
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        response.getCoyoteResponse().setStatus(status);
    }
}
