package org.lossservice.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
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
 * @param cors which pages of other origins may call
 */
@Validated
@ConfigurationProperties("loss")
public record LossProperties(
        @Valid @DefaultValue Limits limits,
        @Valid @DefaultValue Compute compute,
        @Valid @DefaultValue Cors cors) {

    /**
     * What one request may hold; more is answered with 413.
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

        /** The bounds that the JSON reader keeps. */
        JsonLimits json() {
            return new JsonLimits(elements, depth, numberLength, stringLength);
        }

        /** The bounds that the readers of binary bodies keep. */
        TensorLimits tensors() {
            return new TensorLimits(elements, tensorBody.toBytes());
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
