package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** Holds powers up to 2^31 - 1, of which rational numbers would be too long, against decimal ones of 80 digits. */
class LargePowerTest {

    private static final int[] POWERS = {
        13, 64, 1000, 4095, 4096, 4097, 65_537, (1 << 24) - 1, 1 << 30, Integer.MAX_VALUE
    };
    private static final MathContext DIGITS = new MathContext(80);

    @ParameterizedTest
    @EnumSource
    void largePowersAreExact(DType dtype) {
        SplittableRandom random = new SplittableRandom(14);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int p : POWERS) {
                for (int round = 0; round < 20; round++) {
                    check(evaluator, dtype, p, random);
                }
            }
        }
    }

    /** One row, whose u are such that their powers are anywhere in the range of the dtype. */
    private static void check(LossEvaluator evaluator, DType dtype, int p, SplittableRandom random) {
        int classes = random.nextBoolean() ? 2 + random.nextInt(6) : 40 + random.nextInt(10);
        int label = random.nextInt(classes);
        // the label's score and the margin are of the size of the rest, so that rounding them to the dtype leaves u
        // near 1
        FloatingTensor scores = Tensors.fill(dtype, Shape.matrix(1, classes), () -> 0);
        double range = dtype == DType.FLOAT32 ? 80 : 650;
        for (int j = 0; j < classes; j++) {
            Elements.store(j == label ? 0 : Math.expm1(random.nextDouble(-range, range) / p), scores, j);
        }
        MultiMarginLoss loss = new MultiMarginLoss(p, 1, null, Reduction.SUM, Convention.DOCUMENTED);
        Batch batch = new Batch(scores, Labels.of(new int[] {label}, classes), null);
        FloatingTensor gradient = FloatingTensor.zeros(dtype, scores.shape());
        LossResult result = evaluator.evaluate(loss, batch, gradient, false, NonFinite.PROPAGATE, () -> {});

        BigDecimal lossSum = BigDecimal.ZERO;
        BigDecimal slopeSum = BigDecimal.ZERO;
        BigDecimal count = BigDecimal.valueOf(classes);
        for (int j = 0; j < classes; j++) {
            BigDecimal u = BigDecimal.ONE.add(new BigDecimal(scores.get(j)));
            if (j != label && u.signum() > 0) {
                BigDecimal power = power(u, p - 1);
                BigDecimal slope = power.multiply(BigDecimal.valueOf(p)).divide(count, DIGITS);
                lossSum = lossSum.add(power.multiply(u));
                slopeSum = slopeSum.subtract(slope);
                assertClose(gradient.get(j), slope, dtype, p);
            }
        }
        assertClose(gradient.get(label), slopeSum, dtype, p);
        assertClose(result.loss().get(0), lossSum.divide(count, DIGITS), dtype, p);
    }

    private static BigDecimal power(BigDecimal base, int power) {
        BigDecimal result = BigDecimal.ONE;
        for (int bit = Integer.highestOneBit(power); bit > 0; bit >>= 1) {
            result = result.multiply(result, DIGITS);
            if ((power & bit) != 0) {
                result = result.multiply(base, DIGITS);
            }
        }
        return result;
    }

    private static void assertClose(double actual, BigDecimal exact, DType dtype, int p) {
        BigDecimal largest = new BigDecimal(dtype.max());
        if (exact.abs().compareTo(largest) > 0) {
            assertThat(actual).isEqualTo(exact.signum() * Double.POSITIVE_INFINITY);
            return;
        }
        double nearest = dtype == DType.FLOAT32 ? exact.floatValue() : exact.doubleValue();
        // larger powers are computed exactly, and only then rounded
        double bound = p > 1 << 12 ? 1 : Ulps.bound(dtype, p);
        BigDecimal allowed = new BigDecimal(Ulps.of(dtype, nearest)).multiply(new BigDecimal(bound));
        assertThat(new BigDecimal(actual))
                .as("p = %d: %s", p, nearest)
                .isBetween(exact.subtract(allowed), exact.add(allowed));
    }
}
