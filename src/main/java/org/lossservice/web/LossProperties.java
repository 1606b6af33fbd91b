package org.lossservice.web;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.lossservice.format.JsonLimits;
import org.lossservice.format.TensorLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything about this service that an operator can set, under {@code loss}. A wrong value stops the start.
 *
 * @param limits what one request may hold
 * @param compute how losses are computed
 * @param admission which requests are taken on, and for how long
 * @param cors which pages of other origins may call
 */
@ConfigurationProperties(prefix = "loss", ignoreUnknownFields = false)
public record LossProperties(
        @DefaultValue Limits limits,
        @DefaultValue Compute compute,
        @DefaultValue Admission admission,
        @DefaultValue Cors cors) {

    /**
     * What one request may hold; more is answered with 413, a name that is too long with 422.
     *
     * @param jsonBody bytes of a JSON body, after inflating
     * @param tensorBody bytes of a binary body, after inflating
     * @param jsonAnswer bytes of an answer in JSON, by the longest text that its numbers may have
     * @param elements elements of one tensor
     * @param nameLength characters of {@code name}
     * @param depth levels of nesting of a JSON body
     * @param numberLength characters of one JSON number
     * @param stringLength characters of one JSON string
     */
    public record Limits(
            @DefaultValue("32MB") DataSize jsonBody,
            @DefaultValue("64MB") DataSize tensorBody,
            @DefaultValue("512MB") DataSize jsonAnswer,
            @DefaultValue("16777216") int elements,
            @DefaultValue("128") int nameLength,
            @DefaultValue("32") int depth,
            @DefaultValue("1000") int numberLength,
            @DefaultValue("10000") int stringLength) {

        private static final DataSize LEAST = DataSize.ofKilobytes(1);
        private static final DataSize MOST = DataSize.ofGigabytes(1);

        public Limits {
            requireWithin("limits.json-body", jsonBody, LEAST, MOST);
            requireWithin("limits.tensor-body", tensorBody, LEAST, MOST);
            requireWithin("limits.json-answer", jsonAnswer, LEAST, MOST);
            requireWithin("limits.elements", elements, 1, 1 << 28);
            requireWithin("limits.name-length", nameLength, 0, 10_000);
            requireWithin("limits.depth", depth, 2, 1000);
            requireWithin("limits.number-length", numberLength, 32, 1_000_000);
            requireWithin("limits.string-length", stringLength, 128, 1_000_000);
        }

        /**
         * The bounds that the JSON reader keeps.
         *
         * @param checkpoint called again and again; what it throws ends the reading
         */
        JsonLimits json(Runnable checkpoint) {
            return new JsonLimits(elements, depth, numberLength, stringLength, checkpoint);
        }

        /**
         * The bounds that the readers of binary bodies keep.
         *
         * @param inflated told how many bytes a zip file inflates to, before it is
         * @param checkpoint called again and again while it is inflated; what it throws ends the reading
         */
        TensorLimits tensors(LongConsumer inflated, Runnable checkpoint) {
            return new TensorLimits(elements, tensorBody.toBytes(), inflated, checkpoint);
        }
    }

    /**
     * How losses are computed.
     *
     * @param threads the most threads that work on large batches; 0 means as many as there are processors
     */
    public record Compute(@DefaultValue("0") int threads) {

        public Compute {
            requireWithin("compute.threads", threads, 0, 1024);
        }
    }

    /**
     * Which requests are taken on, and for how long; others are answered with 503.
     *
     * @param memory bytes that all requests together may reserve; 0 means 60 % of the heap
     * @param requests requests that are parsed and computed at a time
     * @param patience how long a request waits for memory or its turn
     * @param deadline how long a request may be parsed and computed
     * @param transferGrace after which time a body must come, and an answer be taken, at the least rate
     * @param transferRate bytes a second of a body or an answer, at the least
     * @param drain how long new requests are still answered on shutdown before the port closes
     */
    public record Admission(
            @DefaultValue("0B") DataSize memory,
            @DefaultValue("64") int requests,
            @DefaultValue("500ms") Duration patience,
            @DefaultValue("30s") Duration deadline,
            @DefaultValue("5s") Duration transferGrace,
            @DefaultValue("16KB") DataSize transferRate,
            @DefaultValue("3s") Duration drain) {

        /** Beyond all use, and its nanoseconds are a long. */
        private static final Duration LONGEST = Duration.ofDays(365);

        /** Beyond all use, and a long even with an eighth more. */
        private static final DataSize MOST = DataSize.ofTerabytes(1);

        public Admission {
            requireWithin("admission.memory", memory, DataSize.ofBytes(0), MOST);
            requireWithin("admission.requests", requests, 1, 100_000);
            requireWithin("admission.patience", patience, Duration.ZERO, LONGEST);
            requireWithin("admission.deadline", deadline, Duration.ZERO, LONGEST);
            requireWithin("admission.transfer-grace", transferGrace, Duration.ZERO, LONGEST);
            requireWithin("admission.transfer-rate", transferRate, DataSize.ofBytes(0), MOST);
            requireWithin("admission.drain", drain, Duration.ZERO, LONGEST);
        }

        /** How fast bodies and answers must come along. */
        Pace pace() {
            return new Pace(transferGrace, transferRate);
        }
    }

    /**
     * Cross-origin resource sharing.
     *
     * @param allowedOrigins origins whose pages may read answers, such as {@code https://notebook.example}; none by default
     */
    public record Cors(@DefaultValue List<String> allowedOrigins) {

        private static final Pattern ORIGIN = Pattern.compile("https?://[^/*\\s]+");

        public Cors {
            allowedOrigins = List.copyOf(allowedOrigins);
            for (String origin : allowedOrigins) {
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException("loss.cors.allowed-origins has " + origin
                            + "; an origin is as in https://notebook.example, without a path or a wildcard");
                }
            }
        }
    }

    private static <T extends Comparable<T>> void requireWithin(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "loss." + name + " is " + value + "; it must be from " + least + " to " + most);
        }
    }
}
