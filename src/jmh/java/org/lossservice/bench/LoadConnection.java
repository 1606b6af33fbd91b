package org.lossservice.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that sends requests and drops the bodies of the answers, at as little cost as is simple. */
final class LoadConnection implements AutoCloseable {

    private static final int TIMEOUT = 30_000;

    private final int port;
    private final byte[] buffer = new byte[1 << 16];
    private Socket socket;
    private int at;
    private int filled;

    LoadConnection(int port) throws IOException {
        this.port = port;
        this.socket = open(port);
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT);
        return socket;
    }

    /**
     * Sends a request and reads the answer to its end.
     *
     * @throws IOException also where the status is not 200
     */
    void exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        String status = line();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + status);
        }
        long length = -1;
        boolean last = false;
        for (String field = line(); !field.isEmpty(); field = line()) {
            if (field.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Long.parseLong(field.substring(15).trim());
            }
            last |= field.equalsIgnoreCase("Connection: close");
        }
        if (length >= 0) {
            skip(length);
        } else {
            skipChunks();
        }
        // containers end a connection after so many requests
        if (last) {
            socket.close();
            socket = open(port);
        }
    }

    private void skipChunks() throws IOException {
        long size;
        do {
            size = Long.parseLong(line(), 16);
            skip(size);
            line();
        } while (size > 0);
    }

    /** The next line without its end; a head's lines fit the buffer. */
    private String line() throws IOException {
        int end = at;
        while (true) {
            if (end == filled) {
                System.arraycopy(buffer, at, buffer, 0, filled - at);
                filled -= at;
                end -= at;
                at = 0;
                fill();
            }
            if (buffer[end++] == '\n') {
                String line = new String(buffer, at, end - 2 - at, StandardCharsets.ISO_8859_1);
                at = end;
                return line;
            }
        }
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > filled - at) {
            left -= filled - at;
            at = 0;
            filled = 0;
            fill();
        }
        at += (int) left;
    }

    private void fill() throws IOException {
        int read = socket.getInputStream().read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException("the connection was closed in the middle of an answer");
        }
        filled += read;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
