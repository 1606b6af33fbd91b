package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** A row's factors with their low parts, and the loss made with them, within 2^-100 of exact arithmetic. */
class RowFactorsTest {

    private static final Dyadic BOUND = new Dyadic(BigInteger.ONE, -100);
    private static final int CLASSES = 7;

    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest
    @CsvSource({
        "DOCUMENTED, 1, 0",
        "DOCUMENTED, 2, 0",
        "DOCUMENTED, 3, 0",
        "DOCUMENTED, 2, 500",
        "PYTORCH, 1, 0",
        "PADDLE, 5, 500"
    })
    void factorsAreExact(Convention convention, int p, int exponent) {
        for (int round = 0; round < 500; round++) {
            double weight = Math.scalb(random.nextDouble(-2, 2), exponent / p);
            double upstream = random.nextDouble(-2, 2);
            FloatingTensor weights = Tensors.fill(DType.FLOAT64, Shape.vector(CLASSES), () -> weight);
            FloatingTensor input = FloatingTensor.zeros(DType.FLOAT64, Shape.matrix(1, CLASSES));
            Formula formula = new Formula(
                    new MultiMarginLoss(p, 1, weights, Reduction.SUM, convention),
                    new Batch(
                            input,
                            Labels.of(new int[1], CLASSES),
                            Tensors.of(DType.FLOAT64, Shape.vector(1), upstream)));
            RowFactors row = new RowFactors(formula, new Scales(formula));
            row.set(0, 0);

            boolean documented = convention == Convention.DOCUMENTED;
            Dyadic w = Dyadic.of(weight);
            Dyadic scale = documented ? w.abs().power(p) : w;
            assertClose(sum(row.scaleHigh, row.scaleLow), scale);
            Dyadic slope = scale.times(Dyadic.of(p)).times(Dyadic.of(upstream));
            Dyadic signed = documented ? slope.times(Dyadic.of(Math.signum(weight))) : slope;
            assertClose(sum(row.slope, row.slopeLow).times(Dyadic.of(CLASSES)), signed);

            double high = random.nextDouble();
            double low = high * random.nextDouble(-0x1p-53, 0x1p-53);
            RowResults results = new RowResults(formula, input, null);
            results.finish(row, 0, high, low, 1, 0);
            assertClose(Dyadic.of(results.takeLoss()), scale.times(sum(high, low)));
        }
    }

    private static Dyadic sum(double high, double low) {
        return Dyadic.of(high).plus(Dyadic.of(low));
    }

    private static void assertClose(Dyadic actual, Dyadic exact) {
        assertThat(actual.minus(exact).abs().isAtMost(exact.abs().times(BOUND)))
                .as("%s, not %s", actual, exact)
                .isTrue();
    }
}
