package org.lossservice.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.lossservice.format.JsonLimits;
import org.lossservice.format.TensorLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Everything about this service that an operator can set, under {@code loss}. A wrong value stops the start.
 *
 * @param limits what one request may hold
 * @param compute how losses are computed
 * @param admission which requests are taken on, and for how long
 * @param cors which pages of other origins may call
 */
@Validated
@ConfigurationProperties(prefix = "loss", ignoreUnknownFields = false)
public record LossProperties(
        @Valid @DefaultValue Limits limits,
        @Valid @DefaultValue Compute compute,
        @Valid @DefaultValue Admission admission,
        @Valid @DefaultValue Cors cors) {

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
            @NotNull @DefaultValue("32MB") DataSize jsonBody,
            @NotNull @DefaultValue("64MB") DataSize tensorBody,
            @NotNull @DefaultValue("512MB") DataSize jsonAnswer,
            @Min(1) @Max(1 << 28) @DefaultValue("16777216") int elements,
            @Min(0) @Max(10_000) @DefaultValue("128") int nameLength,
            @Min(2) @Max(1000) @DefaultValue("32") int depth,
            @Min(32) @Max(1_000_000) @DefaultValue("1000") int numberLength,
            @Min(128) @Max(1_000_000) @DefaultValue("10000") int stringLength) {

        public Limits {
            requireBytes("json-body", jsonBody);
            requireBytes("tensor-body", tensorBody);
            requireBytes("json-answer", jsonAnswer);
        }

        private static void requireBytes(String name, DataSize size) {
            if (size.toBytes() < 1024 || size.toBytes() > 1 << 30) {
                throw new IllegalArgumentException(
                        "loss.limits." + name + " is " + size + "; it must be from 1KB to 1GB");
            }
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
         */
        TensorLimits tensors(LongConsumer inflated) {
            return new TensorLimits(elements, tensorBody.toBytes(), inflated);
        }
    }

    /**
     * How losses are computed.
     *
     * @param threads the most threads that work on large batches; 0 means as many as there are processors
     */
    public record Compute(
            @Min(0) @Max(1024) @DefaultValue("0") int threads) {}

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
            @NotNull @DefaultValue("0B") DataSize memory,
            @Min(1) @Max(100_000) @DefaultValue("64") int requests,
            @NotNull @DefaultValue("500ms") Duration patience,
            @NotNull @DefaultValue("30s") Duration deadline,
            @NotNull @DefaultValue("5s") Duration transferGrace,
            @NotNull @DefaultValue("16KB") DataSize transferRate,
            @NotNull @DefaultValue("3s") Duration drain) {

        /** Beyond all use, and its nanoseconds are a long. */
        private static final Duration LONGEST = Duration.ofDays(365);

        /** Beyond all use, and a long even with an eighth more. */
        private static final DataSize MOST = DataSize.ofTerabytes(1);

        public Admission {
            requireWithin("memory", memory, DataSize.ofBytes(0), MOST);
            requireWithin("patience", patience, Duration.ZERO, LONGEST);
            requireWithin("deadline", deadline, Duration.ZERO, LONGEST);
            requireWithin("transfer-grace", transferGrace, Duration.ZERO, LONGEST);
            requireWithin("transfer-rate", transferRate, DataSize.ofBytes(0), MOST);
            requireWithin("drain", drain, Duration.ZERO, LONGEST);
        }

        /** How fast bodies and answers must come along. */
        Pace pace() {
            return new Pace(transferGrace, transferRate);
        }

        private static <T extends Comparable<T>> void requireWithin(String name, T value, T least, T most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "loss.admission." + name + " is " + value + "; it must be from " + least + " to " + most);
            }
        }
    }

    /**
     * Cross-origin resource sharing.
     *
     * @param allowedOrigins origins whose pages may read answers, such as {@code https://notebook.example}; none by default
     */
    public record Cors(@DefaultValue List<@Pattern(regexp = "https?://[^/*\\s]+") String> allowedOrigins) {

        public Cors {
            allowedOrigins = List.copyOf(allowedOrigins);
        }
    }
}
