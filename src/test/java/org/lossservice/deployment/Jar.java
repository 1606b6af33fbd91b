package org.lossservice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The packaged service in a process of its own, started with its prepared context, on ports that it finds itself. */
final class Jar implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int SECONDS = 60;

    private final Path log = Files.createTempFile("service", ".log");
    private final Process process;
    private final List<Integer> ports;

    /** Starts it, and waits until both ports are open. */
    Jar(Map<String, String> environment, String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dspring.aot.enabled=true",
                "-jar",
                System.getProperty("jar"),
                "--server.port=0",
                "--management.server.port=0"));
        command.addAll(List.of(settings));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        ports = await();
    }

    private List<Integer> await() throws IOException, InterruptedException {
        List<Integer> found = List.of();
        for (int i = 0; i < 10 * SECONDS && found.size() < 2 && process.isAlive(); i++) {
            Thread.sleep(100);
            found = STARTED.matcher(log())
                    .results()
                    .map((MatchResult line) -> Integer.valueOf(line.group(1)))
                    .toList();
        }
        assertThat(found).as(log()).hasSize(2);
        return found;
    }

    int port() {
        return ports.getFirst();
    }

    int managementPort() {
        return ports.getLast();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, SECONDS, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        Files.delete(log);
    }
}
