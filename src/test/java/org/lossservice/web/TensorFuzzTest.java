package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lossservice.loss.LossEvaluator;
import org.lossservice.loss.LossResult;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.FloatingTensor;

/**
 * Holds the binary route against {@link ReferenceTensors} on mutated bodies: what the one reads as a request the other does
 * too, with the same numbers, and everything else is refused. The number of bodies and the seed can be set: {@code
 * -Dfuzz.count=1000000 -Dfuzz.seed=7}.
 */
class TensorFuzzTest extends HttpTest {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void agreesWithTheReference() throws Exception {
        long seed = Long.getLong("fuzz.seed", 20_261_124);
        int count = Integer.getInteger("fuzz.count", 5_000);
        TensorMutations mutations = new TensorMutations(seed);
        ReferenceTensors reference = new ReferenceTensors(100_000, 64 << 20);
        int[] statuses = new int[600];
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int i = 0; i < count; i++) {
                TensorMutations.Body body = mutations.next();
                HttpResponse<byte[]> response = send(body);
                statuses[response.statusCode()]++;
                try {
                    check(body, response, reference, evaluator);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + ", body " + i + (body.npz() ? ", npz: " : ", safetensors: ")
                                    + HexFormat.of().formatHex(body.bytes()) + "\nanswered " + response.statusCode(),
                            e);
                }
            }
        }
        // a fuzzer that only ever sees one kind of answer tests nothing
        assertThat(statuses[200]).isGreaterThan(count / 4);
        assertThat(statuses[400]).isGreaterThan(count / 20);
        assertThat(statuses[422]).isGreaterThan(count / 20);
    }

    private HttpResponse<byte[]> send(TensorMutations.Body body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + ROUTE + "/tensors"))
                .header("Content-Type", body.npz() ? "application/x-npz" : "application/vnd.safetensors")
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofByteArray(body.bytes()))
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static void check(
            TensorMutations.Body body,
            HttpResponse<byte[]> response,
            ReferenceTensors reference,
            LossEvaluator evaluator) {
        int status = response.statusCode();
        if (status != 200) {
            assertThat(status).isIn(400, 413, 422);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
        }
        LossResult expected;
        try {
            expected = reference.read(body.npz(), body.bytes()).evaluate(evaluator, () -> {});
        } catch (ReferenceTensors.Refused e) {
            assertThat(status)
                    .as("refused by the reference: %s", e.getMessage())
                    .isNotEqualTo(200);
            return;
        } catch (FaultException e) {
            assertThat(status).isEqualTo(422);
            return;
        }
        assertThat(status).isEqualTo(200);
        Map<String, TensorAnswer> actual =
                body.npz() ? TensorAnswer.npz(response.body()) : TensorAnswer.safetensors(response.body());
        assertThat(actual.keySet()).containsExactly("loss", "gradient");
        assertThat(actual.get("loss")).isEqualTo(answer(expected.loss()));
        FloatingTensor gradient = expected.gradient();
        assertThat(actual.get("gradient")).isEqualTo(gradient == null ? null : answer(gradient));
    }

    private static TensorAnswer answer(FloatingTensor tensor) {
        List<Integer> shape = new ArrayList<>();
        for (int axis = 0; axis < tensor.shape().rank(); axis++) {
            shape.add(tensor.shape().dimension(axis));
        }
        List<Double> data = new ArrayList<>();
        for (int i = 0; i < tensor.shape().elements(); i++) {
            data.add(tensor.get(i));
        }
        return new TensorAnswer(tensor.dtype().toString(), shape, data);
    }
}
