package org.lossservice.loss;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;

/** Makes evaluations of every kind, the same for the same seed: everyday numbers and all that is hard about others. */
final class Cases {

    /** A loss and what it is evaluated on. */
    record Case(MultiMarginLoss loss, Batch batch) {}

    private static final int[] WIDE = {63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1000, 1025, 2049};

    private final SplittableRandom random;
    private final DType dtype;
    private final double huge;
    private final double tiny;

    Cases(DType dtype, long seed) {
        this.random = new SplittableRandom(seed);
        this.dtype = dtype;
        this.huge = dtype.max();
        this.tiny = dtype == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    }

    Case next() {
        boolean wide = random.nextInt(64) == 0;
        boolean several = random.nextInt(8) > 0;
        int rows = wide ? 1 + random.nextInt(3) : several ? 1 + random.nextInt(5) : 1;
        int classes = wide ? WIDE[random.nextInt(WIDE.length)] : several ? classes() : 33 + random.nextInt(8);
        int p = power(wide);
        DoubleSupplier scores = numbers();
        double margin = round(margin(scores));
        FloatingTensor input = tensor(scores, Shape.matrix(rows, classes));
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = random.nextInt(classes);
        }
        Reduction reduction = pick(Reduction.values());
        Convention convention = pick(Convention.values());
        FloatingTensor upstream = random.nextInt(3) > 0
                ? null
                : tensor(numbers(), reduction == Reduction.NONE ? Shape.vector(rows) : Shape.vector(1));
        return new Case(
                new MultiMarginLoss(p, margin, weight(classes), reduction, convention),
                new Batch(input, Labels.of(labels, classes), upstream));
    }

    /**
     * Weights, upstream gradients and scores of any size, of which one result is within the limits of the dtype: what is on the
     * way to it may be close to the limits of double, and beyond.
     */
    Case nextAtTheLimits() {
        int rows = 1 + random.nextInt(3);
        int classes = random.nextInt(4) == 0 ? 33 + random.nextInt(8) : 2 + random.nextInt(6);
        int p = 1 + random.nextInt(random.nextBoolean() ? 3 : 12);
        Convention convention = pick(Convention.values());
        double weight = exponent();
        double upstream = random.nextInt(3) == 0 ? 0 : exponent();
        double scale = convention == Convention.DOCUMENTED ? p * weight : weight;
        double aim = random.nextBoolean() ? random.nextInt(-80, 80) : exponent();
        double score = p == 1 || random.nextBoolean() ? (aim - scale) / p : (aim - scale - upstream) / (p - 1);
        double other = random.nextBoolean() ? 0 : exponent();
        FloatingTensor input = tensor(
                () -> switch (random.nextInt(6)) {
                    case 0 -> 0;
                    case 1 -> -magnitude(score);
                    case 2 -> magnitude(other);
                    default -> magnitude(score);
                },
                Shape.matrix(rows, classes));
        int[] labels = random.ints(rows, 0, classes).toArray();
        for (int row = 0; row < rows; row++) {
            Elements.store(0, input, row * classes + labels[row]);
        }
        return new Case(
                new MultiMarginLoss(
                        p,
                        0,
                        tensor(() -> sign() * magnitude(weight), Shape.vector(classes)),
                        Reduction.SUM,
                        convention),
                new Batch(
                        input,
                        Labels.of(labels, classes),
                        upstream == 0 ? null : tensor(() -> magnitude(upstream), Shape.vector(1))));
    }

    /** The binary exponent of a number, or of one whose square is one, too. */
    private double exponent() {
        int largest = dtype == DType.FLOAT32 ? 125 : 1000;
        return random.nextDouble(-1, 1) * (random.nextBoolean() ? largest : largest / 2);
    }

    private double magnitude(double exponent) {
        return Math.pow(2, exponent + random.nextDouble());
    }

    private int classes() {
        return 1 + random.nextInt(random.nextInt(4) == 0 ? 30 : 7);
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private int power(boolean wide) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> 1;
            case 3, 4 -> 2;
            default -> wide ? 1 + random.nextInt(4) : 1 + random.nextInt(12);
        };
    }

    private double margin(DoubleSupplier scores) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> 1;
            case 3 -> 0;
            case 4 -> -random.nextInt(20) / 10.0;
            case 5 -> random.nextInt(20) / 10.0;
            default -> scores.getAsDouble();
        };
    }

    private @Nullable FloatingTensor weight(int classes) {
        DoubleSupplier weights = switch (random.nextInt(8)) {
            case 0, 1 -> null;
            case 2 -> () -> random.nextInt(-2, 3);
            case 3 -> () -> random.nextInt(3) == 0 ? 0 : random.nextGaussian();
            case 4 -> () -> sign() * tiny * random.nextInt(1, 1000);
            case 5 -> () -> sign() * (dtype == DType.FLOAT32 ? 1e30 : 1e300) * random.nextDouble();
            case 6 -> () -> sign() * (dtype == DType.FLOAT32 ? 1e-30 : 1e-300) * random.nextDouble();
            default -> numbers();
        };
        return weights == null ? null : tensor(weights, Shape.vector(classes));
    }

    /** One way to make numbers, chosen at random. */
    private DoubleSupplier numbers() {
        double large = dtype == DType.FLOAT32 ? 1e8 : 1e30;
        double centre = sign() * Math.scalb(random.nextDouble(), random.nextInt(-20, 60));
        return switch (random.nextInt(17)) {
            case 0, 1, 2, 3 -> random::nextGaussian;
            // Inexact decimals: many differences lie exactly at the kink, or next to it.
            case 4, 5 -> () -> random.nextInt(-20, 21) / 10.0;
            case 6 -> () -> random.nextInt(-3, 4);
            // What is left of large numbers that cancel.
            case 7 -> () -> random.nextBoolean() ? sign() * large : random.nextGaussian();
            case 8 -> () -> random.nextBoolean() ? large : large + random.nextGaussian() * large * 1e-15;
            case 9 -> () -> centre + random.nextInt(-2, 3) * Ulps.of(dtype, centre);
            // Sums that overflow only before the division.
            case 10 -> () -> sign() * huge * random.nextDouble();
            case 11 -> () -> random.nextInt(3) == 0 ? sign() * huge : random.nextGaussian();
            case 12 -> () -> sign() * tiny * random.nextInt(10);
            case 13 -> () -> random.nextBoolean() ? sign() * tiny * random.nextInt(1, 1 << 20) : sign();
            // The middle of the exponents: p-th powers come close to either limit.
            case 14 -> () -> sign() * Math.exp(random.nextGaussian() * (dtype == DType.FLOAT32 ? 10 : 80));
            // Sums whose roundings overflow.
            case 15 -> () -> sign() * (random.nextBoolean() ? huge : (random.nextInt(3) + 0.5) * Ulps.of(dtype, huge));
            default -> this::anyExponent;
        };
    }

    private double anyExponent() {
        int least = dtype == DType.FLOAT32 ? -149 : -1074;
        int most = dtype == DType.FLOAT32 ? 127 : 1023;
        return sign() * Math.scalb(1 + random.nextDouble(), random.nextInt(least, most));
    }

    private int sign() {
        return random.nextBoolean() ? 1 : -1;
    }

    private double round(double value) {
        double rounded = dtype == DType.FLOAT32 ? (float) value : value;
        return Double.isFinite(rounded) ? rounded : Math.copySign(huge, value);
    }

    private FloatingTensor tensor(DoubleSupplier numbers, Shape shape) {
        return Tensors.fill(dtype, shape, () -> round(numbers.getAsDouble()));
    }
}
