package org.lossservice.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Shares the processors out among exchanges. Small ones stay on the virtual threads that the container gives them, and take
 * turns (see {@link Turn}): there are as many carriers as processors, which spares the system many a switch of threads. Large
 * ones, which take milliseconds to receive, compute and send, go to threads of the system, which it preempts.
 */
final class SchedulingValve extends ValveBase {

    /** Large exchanges beyond this many are worked on as small ones are, so that slow clients cannot use up the threads. */
    private static final int MOST = 64;

    private final Executor system = new ThreadPoolExecutor(
            0,
            MOST,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("large-", 1).daemon().factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (isLarge(request)) {
            invokePreempted(request, response);
            return;
        }
        Turn.passBetweenRequests();
        getNext().invoke(request, response);
    }

    /** A body that comes in chunks or compressed may turn out to be of any size. */
    private static boolean isLarge(Request request) {
        return request.getContentLengthLong() > Admission.LARGE
                || request.getHeader("Transfer-Encoding") != null
                || request.getHeader("Content-Encoding") != null;
    }

    private void invokePreempted(Request request, Response response) throws ServletException {
        CompletableFuture<?> exchange = CompletableFuture.runAsync(
                () -> {
                    try {
                        getNext().invoke(request, response);
                    } catch (IOException | ServletException e) {
                        throw new CompletionException(e);
                    }
                },
                system);
        try {
            // unlike get, not to be interrupted: request and response are in use until the exchange is over
            exchange.join();
        } catch (CompletionException e) {
            throw new ServletException(e.getCause());
        }
    }
}
