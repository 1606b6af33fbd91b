package org.lossservice.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error answer, {@code application/problem+json} (RFC 9457).
 *
 * @param type always {@code about:blank}: what the problem is, is said by {@code code}
 * @param title the reason phrase of the status
 * @param status the HTTP status
 * @param detail what is wrong, for people
 * @param instance the path of the request
 * @param code what is wrong, for programs; of several problems, the first one's
 * @param requestId the id under which the service's log speaks of the request
 * @param errors the problems one by one, at most 32
 * @param errorsTotal how many there are, listed or not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "code", "request_id", "errors", "errors_total"})
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        @JsonProperty("request_id") String requestId,
        List<Item> errors,
        @JsonProperty("errors_total") long errorsTotal) {

    /**
     * One of the problems. Where it lies is said by at most one of the other members.
     *
     * @param code what is wrong, for programs
     * @param detail what is wrong, for people
     * @param pointer a JSON Pointer into the body, as a URI fragment
     * @param parameter the name of a query parameter
     * @param tensor the name of a tensor, in a binary body or in the result
     * @param index the element of the tensor, outermost index first
     * @param offset the byte of the body at which reading failed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"code", "detail", "pointer", "parameter", "tensor", "index", "offset"})
    record Item(
            String code,
            String detail,
            @Nullable String pointer,
            @Nullable String parameter,
            @Nullable String tensor,
            @Nullable List<Integer> index,
            @Nullable Long offset) {}
}
