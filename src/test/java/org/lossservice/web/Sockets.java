package org.lossservice.web;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** Connections that tests look at byte by byte. */
final class Sockets {

    private Sockets() {}

    /** What comes until the service ends the connection. */
    static String rest(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                text.append((char) read);
            }
        } catch (SocketException e) {
            // a reset is an end, too
        }
        return text.toString();
    }
}
