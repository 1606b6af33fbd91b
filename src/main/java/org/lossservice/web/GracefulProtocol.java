package org.lossservice.web;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.Acceptor.AcceptorState;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * HTTP on a port that loses no connection when it is closed: those that the system has made and the container has not
 * taken yet are served like all others. Tomcat's own protocol resets them, and the one that its acceptor takes while it
 * is told to stop. The time in which the head of a request must come is bounded, too.
 */
public final class GracefulProtocol extends Http11NioProtocol {

    private volatile Duration headTime = Duration.ofDays(1);

    /** Called by the container, which is given the name of this class. */
    public GracefulProtocol() {
        super(new Endpoint());
    }

    /** Bounds the time in which the head of a request must come, from its first byte on; a day until this is called. */
    void setHeadTime(Duration time) {
        headTime = time;
    }

    Duration headTime() {
        return headTime;
    }

    @Override
    protected Processor createProcessor() {
        return new TimedHeadProcessor(this);
    }

    private static final class Endpoint extends NioEndpoint {

        private @Nullable SocketChannel offered;

        @Override
        protected void doCloseServerSocket() throws IOException {
            try {
                // while the acceptor is blocked waiting for a connection, configureBlocking would block this thread as
                // well
                if (isRunning()
                        && acceptor.getState() == AcceptorState.ENDED
                        && getServerSocket() instanceof ServerSocketChannel port) {
                    serveWaiting(port);
                }
            } finally {
                super.doCloseServerSocket();
            }
        }

        private void serveWaiting(ServerSocketChannel port) throws IOException {
            port.configureBlocking(false);
            // no more than may wait at a time and there is room for: a flood must neither keep the port open nor fill
            // the heap
            long room = Math.max(0, getMaxConnections() - connections.size());
            for (long left = getAcceptCount() + room; left > 0; left--) {
                SocketChannel next = port.accept();
                if (next == null) {
                    return;
                }
                serve(next);
            }
        }

        private void serve(SocketChannel socket) {
            if (!setSocketOptions(socket)) {
                closeSocket(socket);
            }
        }

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            offered = socket;
            try {
                return super.setSocketOptions(socket);
            } catch (OutOfMemoryError e) {
                // it would end the acceptor's thread, and nobody would take connections from then on
                if (!connections.containsKey(socket)) {
                    super.destroySocket(socket);
                }
                return false;
            }
        }

        /**
         * Also called for the connection that the acceptor took while it was told to stop: that one is served instead.
         */
        @Override
        protected void destroySocket(SocketChannel socket) {
            boolean last = !socket.equals(offered) && isRunning() && !isPaused();
            if (last) {
                serve(socket);
            } else {
                super.destroySocket(socket);
            }
        }
    }
}
