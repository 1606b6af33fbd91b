package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** Runs of rows, their sums within 2^-92 of exact arithmetic for each power, whatever the scores: most rows never come here. */
class ExactRowTest {

    private static final int CLASSES = 9;
    private static final int ROWS = 4;
    /** The row that is not wanted: others beside it are none the worse. */
    private static final int SKIPPED = 2;

    private static final double MAX = Double.MAX_VALUE;

    private final SplittableRandom random = new SplittableRandom(1);

    /** One way to make numbers. */
    private DoubleSupplier numbers(String kind) {
        return switch (kind) {
            case "everyday" -> random::nextGaussian;
            case "integers" -> () -> random.nextInt(-3, 4);
            case "decimals" -> () -> random.nextInt(-20, 21) / 10.0;
            // Sums of three that overflow, and others that cancel.
            case "huge" ->
                () -> random.nextBoolean() ? random.nextInt(-4, 5) * (MAX / 4) : random.nextDouble(-MAX / 2, MAX / 2);
            // On either side of the numbers of which an eighth is added.
            case "large" -> () -> random.nextInt(-4, 5) * 0x1p1020 + random.nextInt(-2, 3) * 0x1p967;
            case "tiny" -> () -> random.nextInt(-3, 4) * Double.MIN_VALUE;
            case "subnormal" -> () -> random.nextDouble(-2, 2) * Double.MIN_NORMAL;
            case "smallest" ->
                () -> random.nextInt(-2, 3) * Double.MIN_NORMAL + random.nextInt(-2, 3) * Double.MIN_VALUE;
            case "close" -> () -> 0x1.23456789abcdep40 + random.nextInt(-3, 4) * 0x1p-12;
            default ->
                () -> (random.nextBoolean() ? 1 : -1)
                        * Math.scalb(1 + random.nextDouble(), random.nextInt(-1074, 1023));
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "everyday",
                "integers",
                "decimals",
                "huge",
                "large",
                "tiny",
                "subnormal",
                "smallest",
                "close",
                "any exponent"
            })
    void rowsAreExact(String kind) {
        DoubleSupplier numbers = numbers(kind);
        for (int p : new int[] {1, 2, 3, 6, 70}) {
            for (Convention convention : Convention.values()) {
                for (int round = 0; round < (p > 6 ? 2 : 20); round++) {
                    double margin = random.nextInt(3) == 0 ? 0 : numbers.getAsDouble();
                    FloatingTensor weight = random.nextBoolean()
                            ? null
                            : Tensors.fill(DType.FLOAT64, Shape.vector(CLASSES), () -> random.nextInt(-2, 3) / 2.0);
                    check(new MultiMarginLoss(p, margin, weight, Reduction.SUM, convention), numbers, kind);
                }
            }
        }
    }

    /** What rounding takes from margin less label's score, computed as that of other sums is, overflows on its way. */
    @ParameterizedTest
    @CsvSource({"1, 3", "-1, 3", "1, 40", "-1, 40"})
    void theLabelsScoreIsTheLargestNumber(double sign, int classes) {
        for (int round = 0; round < 50; round++) {
            double margin = sign * 0x1p970 * (4 * random.nextInt(1 << 20) + 3);
            double base = margin - sign * MAX;
            assertThat(ExactRow.twoSumError(margin, -sign * MAX, base)).isNaN();
            FloatingTensor input = Tensors.fill(
                    DType.FLOAT64,
                    Shape.matrix(1, classes),
                    () -> random.nextInt(3) == 0 ? random.nextGaussian() : -base + random.nextInt(-3, 4) * 0x1p971);
            Elements.store(sign * MAX, input, 0);
            FloatingTensor weight = Tensors.fill(DType.FLOAT64, Shape.vector(classes), () -> random.nextInt(-1, 2));
            MultiMarginLoss loss =
                    new MultiMarginLoss(1 + round % 3, margin, weight, Reduction.SUM, Convention.DOCUMENTED);
            try (LossEvaluator evaluator = new LossEvaluator(1)) {
                OracleTest.check(evaluator, loss, new Batch(input, Labels.of(new int[1], classes), null), "" + loss);
            }
        }
    }

    /** Next to a run, it is no element of it. */
    @ParameterizedTest
    @ValueSource(ints = {0, Block.LENGTH - 1, Block.LENGTH, 2 * Block.LENGTH - 1, 2 * Block.LENGTH})
    void theLabelIsTheFirstOrLastOfARun(int label) {
        int classes = 2 * Block.LENGTH + 1;
        FloatingTensor input = Tensors.fill(DType.FLOAT64, Shape.matrix(1, classes), numbers("huge"));
        Batch batch = new Batch(input, Labels.of(new int[] {label}, classes), null);
        MultiMarginLoss loss = new MultiMarginLoss(1, 1, null, Reduction.SUM, Convention.PYTORCH);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            OracleTest.check(evaluator, loss, batch, "label " + label);
        }
    }

    private void check(MultiMarginLoss loss, DoubleSupplier numbers, String kind) {
        FloatingTensor input = Tensors.fill(DType.FLOAT64, Shape.matrix(ROWS, CLASSES), numbers);
        Labels labels = Labels.of(random.ints(ROWS, 0, CLASSES).toArray(), CLASSES);
        Formula formula = new Formula(loss, new Batch(input, labels, null));
        RowFactors[] factors = new RowFactors[ROWS];
        Arrays.setAll(factors, r -> {
            factors[r] = new RowFactors(formula, new Scales(formula));
            factors[r].set(r, input.get(r * CLASSES + labels.array()[r]));
            return factors[r];
        });
        ExactRow exact = new ExactRow(formula, DType.FLOAT64, ROWS * CLASSES);
        // What was there before does not matter.
        Arrays.fill(exact.scores, Double.POSITIVE_INFINITY);
        exact.start(factors[0]);
        exact.load(0, ROWS * CLASSES, -1);
        exact.raise(ROWS * CLASSES);
        Elements.load(input, 0, exact.scores, ROWS * CLASSES);
        for (int r = 0; r < ROWS; r++) {
            int from = r * CLASSES;
            if (r != SKIPPED) {
                exact.start(factors[r]);
                exact.load(from, from + CLASSES, from + factors[r].label);
            }
        }
        exact.raise(ROWS * CLASSES);
        for (int r = 0; r < ROWS; r++) {
            if (r != SKIPPED) {
                exact.start(factors[r]);
                exact.sum(r * CLASSES, (r + 1) * CLASSES);
                assertRow(exact, formula, factors[r], input, r, kind + ", row " + r + " of " + loss);
            }
        }
    }

    private static void assertRow(
            ExactRow actual, Formula formula, RowFactors factors, FloatingTensor input, int row, String where) {
        int p = formula.p;
        Dyadic slope = Dyadic.of(factors.exactSlope());
        Dyadic powers = Dyadic.ZERO;
        Dyadic slopes = Dyadic.ZERO;
        for (int j = 0; j < CLASSES; j++) {
            Dyadic u = Dyadic.of(formula.margin)
                    .minus(Dyadic.of(factors.labelScore))
                    .plus(Dyadic.of(input.get(row * CLASSES + j)))
                    .times(Dyadic.of(formula.side(factors.weight)));
            boolean active = u.signum() > 0 || (u.signum() == 0 && formula.activeAtKink);
            Dyadic raised = Dyadic.ZERO;
            if (active && j != factors.label) {
                raised = u.power(p - 1);
                powers = powers.plus(u.power(p));
                slopes = slopes.plus(raised);
            }
            Ulps.assertRounded(actual.scores[row * CLASSES + j], raised.times(slope));
        }
        assertClose(Dyadic.of(actual.powers), powers, p, "powers of " + where);
        assertClose(Dyadic.of(actual.slopes), slopes, p, "slopes of " + where);
    }

    private static void assertClose(Dyadic actual, Dyadic exact, int p, String where) {
        Dyadic allowed = exact.times(new Dyadic(BigInteger.valueOf(p), -92));
        assertThat(actual.minus(exact).abs().isAtMost(allowed))
                .as(() -> where + ": " + actual + ", not " + exact)
                .isTrue();
    }
}
