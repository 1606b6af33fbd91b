package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/**
 * NaN and infinities in each place, for the row [0, 1, -3] with label 0 and margin 1: a NaN is never dropped, a masked score
 * of -infinity costs nothing, and a factor that is not finite makes NaN of the zeros it is multiplied with.
 */
class NonFiniteTest {

    private static final double[] SCORES = {0, 1, -3};

    private static LossResult evaluate(MultiMarginLoss loss, FloatingTensor input, FloatingTensor upstream) {
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            Batch batch = new Batch(input, Labels.of(new int[] {0, 1}, 3), upstream);
            return evaluator.evaluate(loss, batch, input, true, NonFinite.PROPAGATE, () -> {});
        }
    }

    /** The second row is like the first but finite, and stays what it is unless they share what is not finite. */
    @ParameterizedTest
    @CsvFileSource(resources = "/non-finite-kernel.csv", numLinesToSkip = 1)
    void valuesFollowIeee(
            String place,
            String nonFinite,
            double labelWeight,
            Convention convention,
            int p,
            String expectedLoss,
            String ofLabel,
            String ofFirst,
            String ofSecond,
            String ofWeight) {
        double value = number(nonFinite);
        for (DType dtype : DType.values()) {
            double[] scores = {SCORES[0], SCORES[1], SCORES[2], SCORES[0], SCORES[1], SCORES[2]};
            double[] weight = {labelWeight, 1, 1};
            double[] upstream = {1, 1};
            double margin = 1;
            switch (place) {
                case "label_score" -> scores[0] = value;
                case "score" -> scores[1] = value;
                case "weight" -> weight[0] = value;
                case "grad_output" -> upstream[0] = value;
                case "margin" -> margin = value;
                default -> assertThat(place).isEqualTo("none");
            }
            MultiMarginLoss loss = new MultiMarginLoss(
                    p, margin, Tensors.of(dtype, Shape.vector(3), weight), Reduction.NONE, convention);
            LossResult result = evaluate(
                    loss, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(2), upstream));
            assertSame(result.loss().get(0), expectedLoss);
            double[] gradient = Tensors.numbers(result.gradient());
            assertSame(gradient[0], ofLabel);
            assertSame(gradient[1], ofFirst);
            assertSame(gradient[2], ofSecond);
            assertSame(Tensors.numbers(result.weightGradient())[0], ofWeight);
            if (!place.equals("margin")) {
                assertThat(result.loss().get(1)).isFinite().isZero();
                assertThat(gradient[4]).isFinite();
            }
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("inf", "Infinity"));
    }

    private static void assertSame(double actual, String text) {
        double expected = number(text);
        if (Double.isFinite(expected)) {
            assertThat(actual).isCloseTo(expected, within(1e-6));
        } else {
            assertThat(actual).isEqualTo(Double.valueOf(expected));
        }
    }

    /** However small what an infinity is multiplied by. */
    @ParameterizedTest
    @EnumSource
    void infinityTimesTheSmallestIsInfinite(DType dtype) {
        double infinity = Double.POSITIVE_INFINITY;
        FloatingTensor weights = Tensors.of(dtype, Shape.vector(3), 1e-35, 1, 1);
        MultiMarginLoss large = new MultiMarginLoss(60, 1, weights, Reduction.NONE, Convention.DOCUMENTED);
        double[] scores = {0, infinity, 1, 0, 0, 0};
        LossResult result = evaluate(
                large, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(2), 1, 1));
        assertThat(Tensors.numbers(result.gradient())).startsWith(-infinity, infinity, 0);

        MultiMarginLoss small = new MultiMarginLoss(100, 1, null, Reduction.NONE, Convention.DOCUMENTED);
        double[] nearKink = {0, -0.99999994, 1, 0, 0, 0};
        result = evaluate(
                small,
                Tensors.of(dtype, Shape.matrix(2, 3), nearKink),
                Tensors.of(dtype, Shape.vector(2), infinity, 1));
        assertThat(Tensors.numbers(result.gradient())).startsWith(-infinity, infinity, infinity);
    }

    /** A NaN in one row is in the reduced loss, but in no other row's gradient. */
    @ParameterizedTest
    @EnumSource
    void reducedLossIsNaN(DType dtype) {
        double[] scores = {0, 1, -3, Double.NaN, 1, 1};
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.MEAN, Convention.DOCUMENTED);
        LossResult result =
                evaluate(loss, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(1), 1));
        assertThat(result.loss().get(0)).isNaN();
        double[] gradient = Tensors.numbers(result.gradient());
        assertThat(gradient[0]).isCloseTo(-1.0 / 6, within(1e-7));
        assertThat(gradient[3]).isNaN();
        assertThat(gradient[4]).isNaN();
        assertThat(gradient[5]).isCloseTo(1.0 / 6, within(1e-7));
        assertThat(Tensors.numbers(result.weightGradient())[1]).isNaN();
        assertThat(Tensors.numbers(result.weightGradient())[2]).isZero();
    }

    /** A label's own score is no term, not even where rows beside it have infinite ones. */
    @ParameterizedTest
    @EnumSource
    void anInfiniteScoreOfTheLabelIsNoTerm(DType dtype) {
        double infinity = Double.POSITIVE_INFINITY;
        double[] scores = {0, infinity, -3, 0, infinity, 1};
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.NONE, Convention.DOCUMENTED);
        LossResult result =
                evaluate(loss, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(2), 1, 1));
        assertThat(Tensors.numbers(result.loss())).containsExactly(infinity, 0);
        double third = dtype == DType.FLOAT32 ? 1f / 3 : 1.0 / 3;
        assertThat(Tensors.numbers(result.gradient())).containsExactly(-third, third, 0, 0, 0, 0);
    }

    /** Where no term is active, the maximum with 0 is taken of an infinity, or an infinity multiplied by 0. */
    @ParameterizedTest
    @CsvSource({
        "DOCUMENTED, 1, Infinity, 9, 0",
        "DOCUMENTED, 2, Infinity, 9, 0",
        "DOCUMENTED, 1, -Infinity, -9, 0",
        "PYTORCH, 1, Infinity, 9, NaN",
        "PADDLE, 2, -Infinity, 9, NaN"
    })
    void infiniteWeightsOfNoActiveTerm(
            Convention convention, int p, double weight, double labelScore, double expectedLoss) {
        for (DType dtype : DType.values()) {
            double[] scores = {labelScore, 1, -3, 0, 0, 0};
            FloatingTensor weights = Tensors.of(dtype, Shape.vector(3), weight, 1, 1);
            MultiMarginLoss loss = new MultiMarginLoss(p, 1, weights, Reduction.NONE, convention);
            LossResult result = evaluate(
                    loss, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(2), 1, 1));
            assertThat(result.loss().get(0)).isEqualTo(Double.valueOf(expectedLoss));
        }
    }

    /** An infinity multiplied by 0 is NaN, and where the term counts, its slope is infinite. */
    @ParameterizedTest
    @CsvSource({
        "DOCUMENTED, 1, Infinity, NaN, NaN, NaN",
        "DOCUMENTED, 3, -Infinity, NaN, NaN, NaN",
        "PYTORCH, 1, Infinity, NaN, NaN, 0",
        "PADDLE, 1, Infinity, NaN, Infinity, 0",
        "PADDLE, 1, -Infinity, NaN, -Infinity, 0",
        "PADDLE, 2, Infinity, NaN, NaN, 0"
    })
    void infiniteWeightsAtTheKink(
            Convention convention, int p, double weight, double expectedLoss, double ofScore, double ofWeight) {
        for (DType dtype : DType.values()) {
            double[] scores = {0, -1, 1, 0};
            FloatingTensor weights = Tensors.of(dtype, Shape.vector(2), weight, 1);
            MultiMarginLoss loss = new MultiMarginLoss(p, 1, weights, Reduction.NONE, convention);
            try (LossEvaluator evaluator = new LossEvaluator(1)) {
                FloatingTensor input = Tensors.of(dtype, Shape.matrix(2, 2), scores);
                Batch batch = new Batch(input, Labels.of(new int[] {0, 1}, 2), null);
                LossResult result = evaluator.evaluate(loss, batch, input, true, NonFinite.PROPAGATE, () -> {});
                assertThat(result.loss().get(0)).isEqualTo(Double.valueOf(expectedLoss));
                double[] gradient = Tensors.numbers(result.gradient());
                assertThat(gradient[1]).isEqualTo(Double.valueOf(ofScore));
                assertThat(gradient[0]).isEqualTo(Double.valueOf(0.0 - ofScore));
                assertThat(Tensors.numbers(result.weightGradient())[0]).isEqualTo(Double.valueOf(ofWeight));
            }
        }
    }

    /** A finite z that double cannot hold on the way is no infinity, and the sum of two that cancel is no NaN. */
    @Test
    void finiteNumbersStayExactBesideOthers() {
        double max = Double.MAX_VALUE;
        double[] scores = {-max, Double.POSITIVE_INFINITY, -max, max, max, Double.NEGATIVE_INFINITY};
        MultiMarginLoss loss = new MultiMarginLoss(1, max, null, Reduction.NONE, Convention.DOCUMENTED);
        LossResult result = evaluate(
                loss,
                Tensors.of(DType.FLOAT64, Shape.matrix(2, 3), scores),
                Tensors.of(DType.FLOAT64, Shape.vector(2), 1, 1));
        assertThat(Tensors.numbers(result.loss())).containsExactly(Double.POSITIVE_INFINITY, max / 3);
        double third = 1.0 / 3;
        assertThat(Tensors.numbers(result.gradient())).containsExactly(-2 * third, third, third, third, -third, 0);
    }

    /** An overflow of finite numbers is an infinity of the right sign. */
    @ParameterizedTest
    @EnumSource
    void overflowIsInfinite(DType dtype) {
        double large = dtype.max() / 2;
        double[] scores = {-large, large, -large, 0, 0, 0};
        MultiMarginLoss loss = new MultiMarginLoss(
                3, 1, Tensors.of(dtype, Shape.vector(3), -1, 1, 1), Reduction.SUM, Convention.PYTORCH);
        LossResult result =
                evaluate(loss, Tensors.of(dtype, Shape.matrix(2, 3), scores), Tensors.of(dtype, Shape.vector(1), 1));
        assertThat(result.loss().get(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Tensors.numbers(result.gradient())[0]).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Tensors.numbers(result.gradient())[1]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Tensors.numbers(result.weightGradient())[0]).isEqualTo(Double.POSITIVE_INFINITY);
    }
}
