package org.lossservice.web;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.Acceptor.AcceptorState;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * HTTP on a port that is closed gracefully over those, too, who have just come: connections that the system has made and the
 * container has not taken yet are served as all others. Tomcat's own resets them, and the one that its acceptor takes as it is
 * told to stop.
 */
public final class GracefulProtocol extends Http11NioProtocol {

    /** Called by the container, which knows the name of the class. */
    public GracefulProtocol() {
        super(new Endpoint());
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
            // ten times as many as may wait at a time: a flood must not keep the port open
            for (int left = 10 * getAcceptCount(); left > 0; left--) {
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
            return super.setSocketOptions(socket);
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
