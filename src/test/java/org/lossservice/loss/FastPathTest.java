package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/**
 * Which rows are computed fast. The others are as right, and many times slower: no result would show that all had become
 * that.
 */
class FastPathTest {

    private final SplittableRandom random = new SplittableRandom(1);

    /** Whether a row is certain, of which the first score is the label's and 0, the last {@code last}, others of a size or 0. */
    private boolean isFast(
            DType dtype, int length, double size, double last, double weight, double upstream, int p, Convention of) {
        FloatingTensor input = Tensors.fill(
                dtype, Shape.matrix(1, length), () -> size * random.nextDouble(0.5, 1) * random.nextInt(2));
        Elements.store(0, input, 0);
        Elements.store(last, input, length - 1);
        FloatingTensor weights = Tensors.fill(dtype, Shape.vector(length), () -> weight);
        Formula formula = new Formula(
                new MultiMarginLoss(p, 0, weights, Reduction.SUM, of),
                new Batch(input, Labels.of(new int[1], length), Tensors.of(dtype, Shape.vector(1), upstream)));
        RowFactors row = new RowFactors(formula, new Scales(formula));
        row.set(0, 0);
        Block block = new Block(formula, input, true);
        if (length <= Block.SHORT) {
            block.compute(new RowFactors[] {row}, 1, input, 0);
            return block.sumShort(row, 0, length);
        }
        block.compute(row, input, 0, 0, length);
        return block.sum(row, length);
    }

    @ParameterizedTest
    @EnumSource
    void everydayRowsAreFast(DType dtype) {
        for (Convention convention : Convention.values()) {
            for (int p : new int[] {1, 2, 3, 4, 12}) {
                for (double weight : new double[] {1, -2.5, 0, 1e-3, 300}) {
                    for (double upstream : new double[] {1, 0, -1e-6, 1e4}) {
                        for (double size : new double[] {1, 0, 1e-9, 1e6}) {
                            for (int length : new int[] {2, 32, 33, 200}) {
                                assertThat(isFast(dtype, length, size, size, weight, upstream, p, convention))
                                        .as(
                                                "%s %s p %s weight %s upstream %s scores to %s, %s of them",
                                                dtype, convention, p, weight, upstream, size, length)
                                        .isTrue();
                            }
                        }
                    }
                }
            }
        }
    }

    /** Far from everyday, but not so far that anything is lost. */
    @ParameterizedTest
    @CsvSource({
        "1e-300, 1e-300, 1, 1, 1, true",
        "1e280, 1e280, 1, 1, 1, true",
        "1e300, 1e300, 1, 1, 1, false",
        "1e-130, 1e-130, 1, 1, 2, true",
        "1e-160, 1e-160, 1, 1, 2, false",
        "1e140, 1e140, 1, 1, 2, true",
        "1e150, 1e150, 1, 1, 2, false",
        "1e-80, 1e-80, 1, 1, 3, true",
        "1e-80, 1e-80, 100, 1, 3, true",
        "1e-100, 1e-100, 100, 1, 3, false",
        "1, 1, 1e200, 1, 1, true",
        "1, 1, 1e-200, 1, 1, true",
        "1, 1, 1e290, 1, 1, false",
        "1, 1, 1e-290, 1, 1, false",
        "1, 1, 1, 1e200, 3, true",
        "1, 1, 1, 1e290, 3, false",
        "1, 1, 1e100, 1e-200, 2, true",
        "1e-200, 1, 100, 1, 2, true",
        "1e-200, 1, 0.1, 1, 3, true",
        "1e-200, 1, 100, 1, 3, false"
    })
    void limits(double size, double last, double weight, double upstream, int p, boolean fast) {
        for (int length : new int[] {8, 40}) {
            assertThat(isFast(DType.FLOAT64, length, size, last, weight, upstream, p, Convention.PYTORCH))
                    .isEqualTo(fast);
        }
    }

    @Test
    void powersThatTakeManyMultiplicationsAreNot() {
        for (int length : new int[] {8, 40}) {
            assertThat(isFast(DType.FLOAT64, length, 0, 1, 1, 1, 4096, Convention.PYTORCH))
                    .isTrue();
            assertThat(isFast(DType.FLOAT64, length, 0, 1, 1, 1, 4097, Convention.PYTORCH))
                    .isFalse();
        }
    }
}
