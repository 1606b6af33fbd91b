package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** Holds the kernel against exact arithmetic: every number within its bound, every zero a zero, every overflow named. */
class OracleTest {

    /** For each dtype; mutation tests make do with fewer. */
    private static final int CASES = Integer.getInteger("oracle.cases", 20_000);

    @ParameterizedTest
    @EnumSource
    void everyNumberIsTheExactOneRounded(DType dtype) {
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int seed = 0; seed < CASES; seed++) {
                Cases.Case made = new Cases(dtype, seed).next();
                check(evaluator, made.loss(), made.batch(), where(seed, dtype, made));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyNumberIsExactAtTheLimitsOfDouble(DType dtype) {
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int seed = 0; seed < CASES / 4; seed++) {
                Cases.Case made = new Cases(dtype, seed).nextAtTheLimits();
                check(evaluator, made.loss(), made.batch(), "at the limits, " + where(seed, dtype, made));
            }
        }
    }

    /** Squares of what is left of scores that lie close together far from 0, down to some that are not larger than the rounding. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 20, 25, 30, 40, 50})
    void squaresOfResidualsThatAreSmallAgainstTheScores(int exponent) {
        double offset = Math.scalb(1.1, exponent);
        SplittableRandom random = new SplittableRandom(exponent);
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            for (int i = 0; i < 60; i++) {
                double spread = i % 3 == 0 ? 1 : i % 3 == 1 ? 1e-9 : Math.ulp(offset);
                int classes = 33 + random.nextInt(600);
                FloatingTensor input = Tensors.fill(
                        DType.FLOAT64,
                        Shape.matrix(2, classes),
                        () -> offset + spread * (random.nextBoolean() ? random.nextInt(-2, 3) : random.nextGaussian()));
                int[] labels = {random.nextInt(classes), random.nextInt(classes)};
                double margin = i % 2 == 0 ? spread * random.nextDouble() : 0.1;
                check(
                        evaluator,
                        new MultiMarginLoss(2, margin, null, Reduction.NONE, Convention.DOCUMENTED),
                        new Batch(input, Labels.of(labels, classes), null),
                        "offset " + offset + ", " + i);
            }
        }
    }

    /**
     * Rows in which every sum of margin, label's score and score is rounded twice in the same direction, by almost half a unit:
     * errors that do not cancel.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 12})
    void roundingsOfTermsInOneDirection(int p) {
        double rest = 0x0.ffp-53;
        checkRows(p, 50, -rest, l -> l * 0x1p-52 + rest);
        checkRows(p, 400, -rest, l -> l * 0x1p-52 + rest);
    }

    /** Sums of u^power of which every step loses almost half a unit, were they computed as float32's are. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "2, 2", "3, 2", "3, 3"})
    void roundingsOfSumsInOneDirection(int p, int power) {
        checkRows(p, 300, 1, l -> {
            // Of so many parts half a unit is added together before it meets a 1.
            double parts = l % 128 < 8 ? 1 : l % 32 >= 8 ? 10 : l % 128 < 64 ? 3 : 4;
            return l < 8 ? 1 : Math.pow(0x0.ffp-53 / parts, 1.0 / power);
        });
    }

    /** Scores that cancel the margin but for the least there can be, or nothing, or the label's tiny score; and large ones. */
    @ParameterizedTest
    @ValueSource(ints = {8, 40, 200})
    void termsNextToTheKink(int classes) {
        for (double margin : new double[] {1, 0x1p-59, 0x1p-60, 0x1p-61, 0x1p-120, 0}) {
            for (double labelScore : new double[] {0, 0x1p-53, 0x1p-113, 0x1p-114, 0x1p-115, Double.MIN_VALUE}) {
                for (double last : new double[] {0, 0x1p200, 0x1.8p959, 0x1p960}) {
                    IntToDoubleFunction score = l -> switch (l % 4) {
                        case 0 -> -margin;
                        case 1 -> -Math.nextDown(margin);
                        case 2 -> -Math.nextUp(margin);
                        default -> last;
                    };
                    checkRows(1, classes, margin, labelScore, score);
                    checkRows(1, classes, margin, -labelScore, score);
                }
            }
        }
    }

    /** Sums that are finite, but not what rounding takes from them: of the margin and the label's score, or of these and a score. */
    @ParameterizedTest
    @CsvSource({"1, 8", "1, 33", "2, 8", "2, 33", "2, 600", "3, 33"})
    void errorsThatOverflow(int p, int classes) {
        double margin = 1.5 * Math.ulp(Double.MAX_VALUE);
        checkRows(p, classes, margin, Double.MAX_VALUE, l -> 0);
        checkRows(p, classes, margin, Double.MAX_VALUE, l -> l == 0 ? Double.MAX_VALUE : -1e300);
        checkRows(p, classes, margin, -1, l -> l == 0 ? -margin : l == 1 ? -Double.MAX_VALUE : -1e300);
        checkRows(p, classes, -margin, -Double.MAX_VALUE, l -> -Double.MAX_VALUE);
    }

    /** Gradients in the last binade, where what is rounded on the way may be beyond all numbers although they are not. */
    @ParameterizedTest
    @CsvSource({"1, 8", "1, 65", "1, 9000", "2, 8", "2, 33", "2, 65", "2, 9000", "3, 8", "3, 65"})
    void gradientsNextToTheLargestNumber(int p, int classes) {
        SplittableRandom random = new SplittableRandom(31L * classes + p);
        for (int i = 0; i < 300; i++) {
            double[] scores = new double[classes];
            Arrays.setAll(
                    scores, l -> random.nextInt(4) == 0 ? Math.scalb(random.nextDouble(), random.nextInt(12)) : -1);
            scores[0] = 0;
            double sum = Arrays.stream(scores)
                    .filter(score -> score > 0)
                    .map(score -> Math.pow(score, p - 1))
                    .sum();
            double largest = Math.pow(Arrays.stream(scores).max().orElseThrow(), p - 1);
            // the label's gradient, or that of the largest score, which has the same terms but for rounding where it is
            // alone
            double slopes = i % 2 == 0 || sum == 0 ? Math.max(sum, 1) : largest;
            double upstream = Math.min(
                    Double.MAX_VALUE,
                    Double.MAX_VALUE / p / slopes * (i % 3 == 0 ? 1 : 0.5 + random.nextDouble() / 2) * classes);
            checkUpstream(p, 0, 0, scores, upstream * (1 - random.nextInt(4) * 0x1p-53));
            checkUpstream(
                    p, 0, 0, new double[] {0, Math.scalb(scores[1] + 2, 90), -1}, Math.scalb(upstream, -90 * (p - 1)));
        }
        double[] many = new double[65];
        Arrays.fill(many, 0, 31, 7.231123676894144e19);
        many[31] = 2.2859205256140877e21;
        Arrays.fill(many, 32, 63, 2.1988518935861785e20);
        many[63] = -2.658455991569832e36;
        many[64] = -7.231123676894144e19;
        checkUpstream(p, 0x1p119, 64, many, 1.373586659429802e272);
        checkUpstream(p, 0, 0, new double[] {0, 4.253495298033905e37, -1}, 6.33958547818284e270);
    }

    /** Checks a row of float64. */
    private static void checkUpstream(int p, double margin, int label, double[] scores, double upstream) {
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            check(
                    evaluator,
                    new MultiMarginLoss(p, margin, null, Reduction.SUM, Convention.DOCUMENTED),
                    new Batch(
                            Tensors.of(DType.FLOAT64, Shape.matrix(1, scores.length), scores),
                            Labels.of(new int[] {label}, scores.length),
                            Tensors.of(DType.FLOAT64, Shape.vector(1), upstream)),
                    "p " + p + ", " + scores.length + " classes, upstream " + upstream);
        }
    }

    private static void checkRows(int p, int classes, double labelScore, IntToDoubleFunction score) {
        checkRows(p, classes, 1, labelScore, score);
    }

    /** Checks a row of float64, of which the last score is the label's. */
    private static void checkRows(int p, int classes, double margin, double labelScore, IntToDoubleFunction score) {
        double[] scores = new double[classes];
        Arrays.setAll(scores, l -> l == classes - 1 ? labelScore : score.applyAsDouble(l));
        try (LossEvaluator evaluator = new LossEvaluator(1)) {
            check(
                    evaluator,
                    new MultiMarginLoss(p, margin, null, Reduction.NONE, Convention.DOCUMENTED),
                    new Batch(
                            Tensors.of(DType.FLOAT64, Shape.matrix(1, classes), scores),
                            Labels.of(new int[] {classes - 1}, classes),
                            null),
                    "p " + p + ", " + classes + " classes, margin " + margin + ", label's score " + labelScore);
        }
    }

    private static String where(int seed, DType dtype, Cases.Case made) {
        return "seed " + seed + " of " + dtype + ", " + made.loss();
    }

    static void check(LossEvaluator evaluator, MultiMarginLoss loss, Batch batch, String where) {
        FloatingTensor scores = batch.input();
        FloatingTensor gradient = FloatingTensor.zeros(scores.dtype(), scores.shape());
        LossResult result = evaluator.evaluate(loss, batch, gradient, true, NonFinite.PROPAGATE, () -> {});

        Oracle oracle = new Oracle(loss, batch);
        DType dtype = scores.dtype();
        int p = loss.p();
        IntToDoubleFunction ofSum = i -> Ulps.ofSum(dtype, p);
        IntToDoubleFunction ofGradient = i -> isLabel(batch, i) ? Ulps.ofLabel(dtype, p) : Ulps.ofElement(dtype, p);
        List<Element> infinite = new ArrayList<>();
        compare("loss", oracle.losses, result.loss(), ofSum, oracle.divisor, infinite, where);
        compare("gradient", oracle.gradient, result.gradient(), ofGradient, oracle.divisor, infinite, where);
        compare(
                "weight_gradient",
                oracle.weightGradient,
                result.weightGradient(),
                ofSum,
                oracle.divisor,
                infinite,
                where);
        LossResult alone = evaluator.evaluate(loss, batch, null, false, NonFinite.PROPAGATE, () -> {});
        compare("loss alone", oracle.losses, alone.loss(), ofSum, oracle.divisor, new ArrayList<>(), where);
        if (!infinite.isEmpty()) {
            assertThatExceptionOfType(FaultException.class)
                    .as(where)
                    .isThrownBy(() -> evaluator.evaluate(loss, batch, gradient, true, NonFinite.ERROR, () -> {}))
                    .satisfies(refused -> {
                        assertThat(refused.total()).as(where).isEqualTo(infinite.size());
                        assertThat(refused.faults())
                                .as(where)
                                .allMatch(fault -> fault.code() == FaultCode.RESULT_OVERFLOW)
                                .map(Element::new)
                                .containsExactlyElementsOf(
                                        infinite.subList(0, Math.min(Faults.LISTED, infinite.size())));
                    });
        }
    }

    private static boolean isLabel(Batch batch, int element) {
        int classes = batch.label().classes();
        return element % classes == batch.label().array()[element / classes];
    }

    /** An element of a result. */
    private record Element(@Nullable String name, List<Integer> index) {
        Element(Fault fault) {
            this(fault.name(), fault.index());
        }
    }

    private static void compare(
            String name,
            Oracle.Sum[] exact,
            @Nullable FloatingTensor actual,
            IntToDoubleFunction bound,
            int divisor,
            List<Element> infinite,
            String where) {
        Objects.requireNonNull(actual);
        for (int i = 0; i < exact.length; i++) {
            double number = actual.get(i);
            if (Double.isInfinite(number)) {
                infinite.add(new Element(name, index(actual.shape(), i)));
            }
            if (!isClose(number, exact[i], actual.dtype(), divisor, bound.applyAsDouble(i))) {
                fail("%s: %s[%s] is %s", where, name, i, number);
            }
        }
    }

    private static List<Integer> index(Shape shape, int element) {
        return switch (shape.rank()) {
            case 0 -> List.of();
            case 1 -> List.of(element);
            default -> List.of(element / shape.dimension(1), element % shape.dimension(1));
        };
    }

    private static boolean isClose(double number, Oracle.Sum exact, DType dtype, int divisor, double bound) {
        if (exact.magnitude.signum() == 0) {
            return Double.doubleToRawLongBits(number) == 0;
        }
        boolean negativeZero = number == 0 && Double.doubleToRawLongBits(number) != 0;
        if (negativeZero || Double.isNaN(number)) {
            return false;
        }
        Dyadic whole = Dyadic.of(divisor);
        int digits = dtype == DType.FLOAT32 ? 23 : 52;
        int least = dtype == DType.FLOAT32 ? -149 : -1074;
        int ulp = Math.max(exact.magnitude.exponentOfQuotient(divisor) - digits, least);
        // What is subnormal may have been rounded before.
        double units = ulp == least ? bound + 0.25 : bound;
        Dyadic allowed = Dyadic.of(units).times(new Dyadic(BigInteger.ONE, ulp)).times(whole);
        if (Double.isInfinite(number)) {
            // Right where the exact number is rounded to what is beyond the largest one; float32's are rounded twice.
            double half = Ulps.of(dtype, dtype.max()) / 2;
            Dyadic limit = Dyadic.of(dtype.max()).plus(Dyadic.of(half * (1 - 0x1p-19)));
            return exact.value.signum() == Math.signum(number)
                    && limit.times(whole).isAtMost(exact.value.abs());
        }
        return Dyadic.of(number).times(whole).minus(exact.value).abs().isAtMost(allowed);
    }
}
