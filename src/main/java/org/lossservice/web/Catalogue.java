package org.lossservice.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Convention;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Faults;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the service offers: the losses, and the limits, dtypes and formats in force. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class Catalogue {

    /** All losses. */
    record Losses(List<Summary> losses) {}

    /** A loss in one line, and the path of its description. */
    record Summary(String name, String description, String href) {}

    /** A loss with its parameters. */
    record Loss(String name, String description, Map<String, String> formulas, List<Parameter> parameters) {}

    /** One field of a request; {@code defaultValue} is absent where there is none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Parameter(
            String name,
            String type,
            boolean required,
            @JsonProperty("default") @Nullable Object defaultValue,
            @JsonProperty("enum") @Nullable List<String> values,
            String description) {}

    /** What is in force. */
    record Capabilities(
            String version,
            List<String> dtypes,
            List<String> conventions,
            List<String> reductions,
            Formats formats,
            Limits limits) {}

    /** The media types of requests and answers. */
    record Formats(
            List<String> request,
            List<String> response,
            @JsonProperty("content_encoding") List<String> encodings) {}

    /** The limits in force, in bytes, elements, characters and levels. */
    record Limits(
            @JsonProperty("json_body_bytes") long jsonBody,
            @JsonProperty("tensor_body_bytes") long tensorBody,
            @JsonProperty("json_answer_bytes") long jsonAnswer,
            int elements,
            @JsonProperty("name_length") int nameLength,
            int depth,
            @JsonProperty("number_length") int numberLength,
            @JsonProperty("string_length") int stringLength,
            @JsonProperty("errors_listed") int errorsListed) {}

    static final Loss MULTI_MARGIN = new Loss(
            "multi-margin",
            "The multi-class margin loss of paddle.nn.MultiMarginLoss, with its gradients.",
            formulas(),
            parameters());

    private final Capabilities capabilities;

    Catalogue(LossProperties properties, @Value("${spring.application.version}") String version) {
        LossProperties.Limits limits = properties.limits();
        this.capabilities = new Capabilities(
                version,
                texts(DType.values()),
                texts(Convention.values()),
                texts(Reduction.values()),
                new Formats(
                        List.of(MediaType.APPLICATION_JSON_VALUE, TensorMedia.NPZ, TensorMedia.SAFETENSORS),
                        List.of(MediaType.APPLICATION_JSON_VALUE, TensorMedia.NPZ, TensorMedia.SAFETENSORS),
                        List.of("gzip")),
                new Limits(
                        limits.jsonBody().toBytes(),
                        limits.tensorBody().toBytes(),
                        limits.jsonAnswer().toBytes(),
                        limits.elements(),
                        limits.nameLength(),
                        limits.depth(),
                        limits.numberLength(),
                        limits.stringLength(),
                        Faults.LISTED));
    }

    @GetMapping("/v1/losses")
    Losses losses() {
        return new Losses(List.of(
                new Summary(MULTI_MARGIN.name(), MULTI_MARGIN.description(), "/v1/losses/" + MULTI_MARGIN.name())));
    }

    @GetMapping("/v1/capabilities")
    Capabilities capabilities() {
        return capabilities;
    }

    private static Map<String, String> formulas() {
        Map<String, String> formulas = new LinkedHashMap<>();
        formulas.put("z_ij", "margin - input[i][y_i] + input[i][j]");
        formulas.put(Convention.DOCUMENTED.toString(), "L_i = 1/C * sum_{j != y_i} max(0, w[y_i] * z_ij)^p");
        formulas.put(Convention.PYTORCH.toString(), "L_i = 1/C * sum_{j != y_i} w[y_i] * max(0, z_ij)^p");
        formulas.put(
                Convention.PADDLE.toString(), "as pytorch; at z_ij = 0 the subgradient is that of the active side");
        return formulas;
    }

    private static List<Parameter> parameters() {
        return List.of(
                required("input", "number[N][C]", "scores, N >= 1 rows of C >= 1 numbers"),
                required("label", "integer[N]", "the class of each row, 0 <= label < C"),
                optional("p", "integer", MultiMarginRequest.DEFAULT_P, "the power, at least 1"),
                optional("margin", "number", MultiMarginRequest.DEFAULT_MARGIN, "the margin"),
                optional("weight", "number[C]", null, "a weight for each class; absent or null means 1"),
                choice("reduction", MultiMarginRequest.DEFAULT_REDUCTION, Reduction.values(), "how rows are combined"),
                optional("name", "string", null, "echoed in the answer"),
                choice("dtype", MultiMarginRequest.DEFAULT_DTYPE, DType.values(), "every number is rounded to it once"),
                choice("convention", MultiMarginRequest.DEFAULT_CONVENTION, Convention.values(), "which formula"),
                optional("grad_output", "number[]", null, "upstream gradient: 1 number for mean and sum, N for none"),
                optional("return_gradient", "boolean", MultiMarginRequest.DEFAULT_RETURN_GRADIENT, "gradient wanted"),
                optional(
                        "return_weight_gradient",
                        "boolean",
                        MultiMarginRequest.DEFAULT_RETURN_WEIGHT_GRADIENT,
                        "gradient with respect to weight wanted"));
    }

    private static Parameter required(String name, String type, String description) {
        return new Parameter(name, type, true, null, null, description);
    }

    private static Parameter optional(String name, String type, @Nullable Object fallback, String description) {
        return new Parameter(name, type, false, fallback, null, description);
    }

    private static Parameter choice(String name, Enum<?> fallback, Enum<?>[] values, String description) {
        return new Parameter(name, "string", false, fallback.toString(), texts(values), description);
    }

    private static List<String> texts(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::toString).toList();
    }
}
