package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;

/**
 * The log as a container writes it, access lines included. Boot's properties would set it for all tests of the JVM, or not at
 * all, whichever comes first.
 */
final class EcsLog implements AutoCloseable {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger access = context.getLogger("org.lossservice.access");
    private final Level level = access.getLevel();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

    EcsLog() {
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat("ecs");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(bytes);
        appender.start();
        root.addAppender(appender);
        access.setLevel(Level.INFO);
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The first line that contains a text; it may come a little after the answer. */
    String line(String text) throws InterruptedException {
        for (int i = 0; i < 200 && !text().contains(text); i++) {
            Thread.sleep(25);
        }
        assertThat(text()).contains(text);
        return text().lines().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        access.setLevel(level);
        appender.stop();
    }
}
