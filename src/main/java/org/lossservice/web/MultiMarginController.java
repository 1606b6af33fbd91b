package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.web.RequestProgress.Phase;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The multi-class margin loss over HTTP. */
@RestController
class MultiMarginController {

    private final LossEvaluator evaluator;
    private final LossProperties.Limits limits;
    private final Admission admission;

    MultiMarginController(LossEvaluator evaluator, LossProperties properties, Admission admission) {
        this.evaluator = evaluator;
        this.limits = properties.limits();
        this.admission = admission;
    }

    @GetMapping(path = "/v1/losses/multi-margin", produces = MediaType.APPLICATION_JSON_VALUE)
    Catalogue.Loss describe() {
        return Catalogue.MULTI_MARGIN;
    }

    @PostMapping(
            path = "/v1/losses/multi-margin",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    void compute(HttpServletRequest http, HttpServletResponse response) throws IOException {
        requireUtf8(MediaType.parseMediaType(http.getContentType()));
        RequestProgress progress = RequestProgress.of(http).format(MultiMarginJson.FORMAT);
        Faults faults = new Faults();
        StrictQuery.check(http, MultiMarginJson.FIELDS, faults);
        try (Admission.Ticket ticket = admission.enter(MultiMarginJson.MEMORY_PER_BYTE)) {
            MultiMarginRequest request = receive(http, ticket, progress, faults);
            ticket.reserveExactly(request.memory());
            progress.accept(request);
            progress.enter(Phase.COMPUTE);
            LossResult result = request.evaluate(evaluator, ticket::requireTime);
            progress.enter(Phase.WRITE);
            OutputStream out = ticket.answer(response.getOutputStream());
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            MultiMarginJson.write(request, result, out);
        }
    }

    private static void requireUtf8(MediaType contentType) {
        Charset charset = contentType.getCharset();
        if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
            throw new FaultException(Fault.of(
                    FaultCode.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be application/json in UTF-8; leave the charset out, or say utf-8"));
        }
    }

    /** A method of its own, so that nothing refers to the body any more while the loss is computed. */
    private MultiMarginRequest receive(
            HttpServletRequest http, Admission.Ticket ticket, RequestProgress progress, Faults faults)
            throws IOException {
        progress.enter(Phase.RECEIVE);
        RequestBody body = RequestBody.read(http, limits.jsonBody(), "json-body", ticket);
        progress.enter(Phase.WAIT);
        ticket.work(body.length());
        progress.enter(Phase.READ);
        MultiMarginRequest request =
                MultiMarginJson.read(body.bytes(), body.length(), limits, ticket::requireTime, faults);
        MultiMarginJson.requireAnswerFits(request, limits);
        return request;
    }
}
