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
 * HTTP on a port that is closed gracefully over those, too, who have just come: connections that the system has made and the
 * container has not taken yet are served as all others. Tomcat's own resets them, and the one that its acceptor takes as it is
 * told to stop. The head of each request must come in a time of its own.
 */
public final class GracefulProtocol extends Http11NioProtocol {

    private volatile Duration headTime = Duration.ofDays(1);

    /** Called by the container, which knows the name of the class. */
    public GracefulProtocol() {
        super(new Endpoint());
    }

    /** Has the head of a request come within this time, counted from its first byte; until then there is no bound. */
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
                // an acceptor that waits for a connection could not be made to stop, and would keep this thread
                // waiting, too
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
            // as many as may wait at a time, and those there was room for: a flood must neither keep the port open nor
            // fill the heap
            long room = Math.max(0, getMaxConnections() - getConnectionCount());
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
                // the acceptor would end with it, and the port be deaf from then on
                if (!connections.containsKey(socket)) {
                    super.destroySocket(socket);
                }
                return false;
            }
        }

        /** Of what has not been served this is the one that the acceptor took as it was told to stop. */
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
