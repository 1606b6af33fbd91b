package org.lossservice.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lossservice.format.TensorFormat;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FaultCode;
import org.lossservice.web.RequestProgress.Phase;

/** The metrics of requests. All are recorded at a request's end, by meters at hand: small requests are sensitive to more. */
final class Telemetry {

    private final MeterRegistry registry;
    private final Map<Kind, Timer> requests = new ConcurrentHashMap<>();
    private final Map<String, FormatMeters> formats;

    Telemetry(MeterRegistry registry) {
        this.registry = registry;
        this.formats = Map.of(
                MultiMarginJson.FORMAT,
                new FormatMeters(MultiMarginJson.FORMAT, registry),
                TensorFormat.NPZ.toString(),
                new FormatMeters(TensorFormat.NPZ.toString(), registry),
                TensorFormat.SAFETENSORS.toString(),
                new FormatMeters(TensorFormat.SAFETENSORS.toString(), registry));
    }

    /**
     * Counts a request that has ended.
     *
     * @param method one of HTTP's, or a text that stands for all others
     * @param route the pattern of the path, or a text that stands for all others
     * @param nanoseconds that it took
     * @param received bytes of its body
     * @param sent bytes of the answer's
     */
    void record(
            RequestProgress progress,
            String method,
            String route,
            int status,
            long nanoseconds,
            long received,
            long sent) {
        Kind kind = new Kind(
                method, route, status, progress.format(), progress.dtype(), progress.reduction(), progress.problem());
        requests.computeIfAbsent(kind, this::timer).record(nanoseconds, TimeUnit.NANOSECONDS);
        FormatMeters meters = formats.get(progress.format());
        if (meters != null) {
            meters.record(progress, received, sent);
        }
    }

    /** Requests that are counted together. */
    private record Kind(
            String method,
            String route,
            int status,
            String format,
            @Nullable DType dtype,
            @Nullable Reduction reduction,
            @Nullable FaultCode problem) {}

    private Timer timer(Kind kind) {
        return Timer.builder("http.server.requests")
                .description("requests, from their first byte to the last of their answer")
                .tag("method", kind.method)
                .tag("uri", kind.route)
                .tag("status", Integer.toString(kind.status))
                .tag("outcome", Outcome.forStatus(kind.status).name())
                .tag("format", kind.format)
                .tag("dtype", label(kind.dtype))
                .tag("reduction", label(kind.reduction))
                .tag("code", label(kind.problem))
                .register(registry);
    }

    static String label(@Nullable Enum<?> value) {
        return value == null ? "none" : value.toString();
    }

    /** What is measured of computations on bodies of one format; there from the start, so that rates have a zero to rise from. */
    private static final class FormatMeters {

        private final Function<Phase, Timer> phases;
        private final Function<DType, DistributionSummary> rows;
        private final Function<DType, DistributionSummary> elements;
        private final Counter received;
        private final Counter sent;

        FormatMeters(String format, MeterRegistry registry) {
            phases = each(
                    Phase.class,
                    phase -> Timer.builder("loss.phase")
                            .description("the phases of computations")
                            .tags("format", format, "phase", phase.toString())
                            .register(registry));
            rows = each(
                    DType.class,
                    dtype -> DistributionSummary.builder("loss.batch.rows")
                            .description("N of the batches")
                            .baseUnit("rows")
                            .tags("format", format, "dtype", dtype.toString())
                            .register(registry));
            elements = each(
                    DType.class,
                    dtype -> DistributionSummary.builder("loss.batch.elements")
                            .description("N * C of the batches")
                            .baseUnit("elements")
                            .tags("format", format, "dtype", dtype.toString())
                            .register(registry));
            received = Counter.builder("loss.received")
                    .description("bytes of bodies, as they came in")
                    .baseUnit("bytes")
                    .tag("format", format)
                    .register(registry);
            sent = Counter.builder("loss.sent")
                    .description("bytes of answers' bodies, as they went out")
                    .baseUnit("bytes")
                    .tag("format", format)
                    .register(registry);
        }

        /** Makes a meter for each constant of an enum. */
        private static <K extends Enum<K>, M> Function<K, M> each(Class<K> keys, Function<K, M> meter) {
            Map<K, M> meters = new EnumMap<>(keys);
            for (K key : keys.getEnumConstants()) {
                meters.put(key, meter.apply(key));
            }
            return key -> Objects.requireNonNull(meters.get(key));
        }

        void record(RequestProgress progress, long bytesIn, long bytesOut) {
            for (RequestProgress.Step step : progress.steps()) {
                phases.apply(step.phase()).record(step.took(), TimeUnit.NANOSECONDS);
            }
            DType dtype = progress.dtype();
            if (dtype != null) {
                rows.apply(dtype).record(progress.rows());
                elements.apply(dtype).record(progress.elements());
            }
            received.increment((double) bytesIn);
            sent.increment((double) bytesOut);
        }
    }
}
