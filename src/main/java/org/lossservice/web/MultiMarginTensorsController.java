package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.lossservice.format.TensorFormat;
import org.lossservice.format.TensorOutput;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.Faults;
import org.lossservice.web.RequestProgress.Phase;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The multi-class margin loss of tensors in npz and safetensors. */
@RestController
class MultiMarginTensorsController {

    private final LossEvaluator evaluator;
    private final LossProperties.Limits limits;
    private final Admission admission;

    MultiMarginTensorsController(LossEvaluator evaluator, LossProperties properties, Admission admission) {
        this.evaluator = evaluator;
        this.limits = properties.limits();
        this.admission = admission;
    }

    @PostMapping(
            path = "/v1/losses/multi-margin/tensors",
            consumes = {TensorMedia.NPZ, TensorMedia.NPZ_ALIAS, TensorMedia.SAFETENSORS, TensorMedia.SAFETENSORS_ALIAS})
    void compute(HttpServletRequest http, HttpServletResponse response)
            throws IOException, HttpMediaTypeNotAcceptableException {
        http.setAttribute(Problems.BINARY, MultiMarginTensors.PARAMETERS);
        MediaType contentType = MediaType.parseMediaType(http.getContentType());
        TensorFormat format = TensorMedia.format(contentType);
        RequestProgress progress = RequestProgress.of(http).format(format.toString());
        Faults faults = new Faults();
        MultiMarginTensors tensors = new MultiMarginTensors(
                new QueryParameters(http, MultiMarginTensors.PARAMETERS, MultiMarginTensors.TENSORS, faults),
                limits,
                faults);
        MediaType answer = Negotiation.choose(http, TensorMedia.offers(contentType, !tensors.propagates()));
        try (Admission.Ticket ticket = admission.enter(MultiMarginTensors.MEMORY_PER_BYTE)) {
            MultiMarginRequest request = receive(format, tensors, http, ticket, progress);
            if (answer.equals(MediaType.APPLICATION_JSON)) {
                MultiMarginJson.requireAnswerFits(request, limits);
            }
            ticket.reserveExactly(request.memory());
            progress.accept(request);
            progress.enter(Phase.COMPUTE);
            LossResult result = request.evaluate(evaluator, ticket::requireTime);
            progress.enter(Phase.WRITE);
            write(request, result, answer, response, ticket.answer(response.getOutputStream()));
        }
    }

    /** A method of its own, so that nothing refers to the body any more while the loss is computed. */
    private MultiMarginRequest receive(
            TensorFormat format,
            MultiMarginTensors tensors,
            HttpServletRequest http,
            Admission.Ticket ticket,
            RequestProgress progress)
            throws IOException {
        progress.enter(Phase.RECEIVE);
        RequestBody body = RequestBody.read(http, limits.tensorBody(), "tensor-body", ticket);
        progress.enter(Phase.WAIT);
        ticket.work(body.length());
        progress.enter(Phase.READ);
        return tensors.read(
                format, body, limits, inflated -> ticket.reserveAtLeast(body.length() + inflated), ticket::requireTime);
    }

    private static void write(
            MultiMarginRequest request,
            LossResult result,
            MediaType answer,
            HttpServletResponse response,
            OutputStream out)
            throws IOException {
        response.setContentType(answer.toString());
        if (answer.equals(MediaType.APPLICATION_JSON)) {
            MultiMarginJson.write(request, result, out);
            return;
        }
        TensorFormat format = TensorMedia.format(answer);
        TensorOutput output = MultiMarginTensors.output(format, request, result);
        // without this header Swagger UI does not offer the file for download
        response.setHeader("Content-Disposition", "attachment; filename=\"multi-margin." + format + "\"");
        response.setContentLengthLong(output.length());
        output.writeTo(out);
    }
}
