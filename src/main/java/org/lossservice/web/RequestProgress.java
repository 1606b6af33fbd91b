package org.lossservice.web;

import jakarta.servlet.ServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Shape;

/**
 * How far a request has come and what it turned out to be, for metrics and traces. Each text is one of a few, whatever
 * strangers send, because each value makes a time series of its own. For one thread at a time.
 */
final class RequestProgress {

    /** What a computation goes through, in this order. */
    enum Phase {
        /** The body comes in, once there is memory for it. */
        RECEIVE,
        /** The request waits for its turn, while others are worked on. */
        WAIT,
        /** Bytes become tensors. */
        READ,
        /** The kernel computes. */
        COMPUTE,
        /** Tensors become bytes, and these go out. */
        WRITE;

        private final String label = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * A phase of one request.
     *
     * @param began by {@link System#nanoTime}
     * @param took in nanoseconds
     */
    record Step(Phase phase, long began, long took) {}

    /** The format of a request that is no computation. */
    static final String NO_FORMAT = "none";

    private static final String ATTRIBUTE = RequestProgress.class.getName();
    private static final int PHASES = Phase.values().length;

    private final List<Step> steps = new ArrayList<>(PHASES);
    private @Nullable Phase phase;
    private long began;
    private String format = NO_FORMAT;
    private @Nullable DType dtype;
    private @Nullable Reduction reduction;
    private int rows;
    private int elements;
    private @Nullable FaultCode problem;

    private RequestProgress() {}

    /** The progress of this request, which begins with the first call. */
    static RequestProgress of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof RequestProgress progress) {
            return progress;
        }
        RequestProgress progress = new RequestProgress();
        request.setAttribute(ATTRIBUTE, progress);
        return progress;
    }

    /** The request is a computation on a body of this format. */
    RequestProgress format(String format) {
        this.format = format;
        return this;
    }

    /** The next phase begins, and ends the one before. */
    void enter(Phase next) {
        end();
        phase = next;
        began = System.nanoTime();
    }

    /** The current phase is over, if there is one. */
    void end() {
        if (phase != null) {
            steps.add(new Step(phase, began, System.nanoTime() - began));
            phase = null;
        }
    }

    /** The request is valid. */
    void accept(MultiMarginRequest request) {
        Shape shape = request.batch().input().shape();
        dtype = request.batch().input().dtype();
        reduction = request.loss().reduction();
        rows = shape.dimension(0);
        elements = shape.elements();
    }

    /** The request is answered with a problem. */
    void fail(FaultCode code) {
        problem = code;
        end();
    }

    /** The phases that are over. */
    List<Step> steps() {
        return steps;
    }

    /** The body's: {@code json}, {@code npz} or {@code safetensors}; {@link #NO_FORMAT} where nothing is computed. */
    String format() {
        return format;
    }

    /** Null where no valid request was found. */
    @Nullable
    DType dtype() {
        return dtype;
    }

    /** Null where no valid request was found. */
    @Nullable
    Reduction reduction() {
        return reduction;
    }

    /** N; zero where no valid request was found. */
    int rows() {
        return rows;
    }

    /** N * C; zero where no valid request was found. */
    int elements() {
        return elements;
    }

    /** What was answered, if it was a problem. */
    @Nullable
    FaultCode problem() {
        return problem;
    }
}
