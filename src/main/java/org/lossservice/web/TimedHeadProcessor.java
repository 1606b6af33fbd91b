package org.lossservice.web;

import java.io.IOException;
import java.time.Duration;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Ends a connection on which the head of a request does not come in time, however it dribbles: the container's own timeout
 * begins anew with each byte.
 */
final class TimedHeadProcessor extends Http11Processor {

    private final GracefulProtocol protocol;

    TimedHeadProcessor(GracefulProtocol protocol) {
        super(protocol, protocol.getAdapter());
        this.protocol = protocol;
    }

    @Override
    public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        // the head of the last request may have left a shorter one
        connection.setReadTimeout(protocol.getConnectionTimeout());
        SocketState state = super.service(connection);
        // to the container blank lines before a request are nothing yet; here its time has begun
        if (state == SocketState.OPEN && request.getStartTimeNanos() >= 0) {
            state = SocketState.LONG;
        }
        if (state != SocketState.LONG) {
            return state;
        }
        // no request here is asynchronous, so this means that a part of a head has come
        Duration left = protocol.headTime().minusNanos(System.nanoTime() - request.getStartTimeNanos());
        if (left.toMillis() <= 0) {
            return SocketState.CLOSED;
        }
        connection.setReadTimeout(left.toMillis());
        return state;
    }
}
