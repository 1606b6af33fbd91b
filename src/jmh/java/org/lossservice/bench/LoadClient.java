package org.lossservice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Posts one body again and again for a program that talks to it over a pipe. A line such as {@code 8080 /echo text/plain
 * body.txt 8 1000} (port, path, Content-Type, file of the body, connections, milliseconds) is answered with the number of
 * requests, the nanoseconds from the first to the end of the last, and the median and 99th percentile of those that one took.
 * Each connection sends its next request when it has read the answer to the one before, and none is given up at the end.
 */
final class LoadClient {

    private LoadClient() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                int port = Integer.parseInt(words[0]);
                byte[] request = request(words[1], words[2], Files.readAllBytes(Path.of(words[3])));
                long end = Long.parseLong(words[5]) * 1_000_000;
                List<Future<long[]>> connections = new ArrayList<>();
                long start = System.nanoTime();
                for (int i = 0; i < Integer.parseInt(words[4]); i++) {
                    connections.add(threads.submit(() -> post(port, request, start + end)));
                }
                LongStream all = LongStream.empty();
                for (Future<long[]> connection : connections) {
                    all = LongStream.concat(all, Arrays.stream(connection.get()));
                }
                long took = System.nanoTime() - start;
                long[] sorted = all.sorted().toArray();
                int count = sorted.length;
                System.out.println(count + " " + took + " " + sorted[count / 2] + " " + sorted[(int) (count * 0.99)]);
                System.out.flush();
            }
        }
    }

    private static byte[] request(String path, String type, byte[] body) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        byte[] request = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + body.length);
        System.arraycopy(body, 0, request, head.length(), body.length);
        return request;
    }

    /** The nanoseconds that each request took. */
    private static long[] post(int port, byte[] request, long end) throws IOException {
        long[] took = new long[1 << 10];
        int count = 0;
        try (LoadConnection connection = new LoadConnection(port)) {
            long before = System.nanoTime();
            do {
                connection.exchange(request);
                long now = System.nanoTime();
                if (count == took.length) {
                    took = Arrays.copyOf(took, 2 * count);
                }
                took[count++] = now - before;
                before = now;
            } while (before < end);
        }
        return Arrays.copyOf(took, count);
    }
}
