package org.lossservice.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Connections that tests look at byte by byte. */
final class Sockets {

    private Sockets() {}

    /** What comes until the service ends the connection, even where that is a reset. */
    static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketException e) {
            // the service did not wait for what is still being sent
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
