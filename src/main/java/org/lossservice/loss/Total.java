package org.lossservice.loss;

/** A sum over rows in which nothing overflows and no digits are lost on the way. */
final class Total {

    private static final double LARGEST = 0x1p960;
    private static final double SMALLEST = 0x1p-900;

    /** What is well within the range of double. */
    private final DoubleDouble near = new DoubleDouble();

    private final Scaled far = new Scaled();
    private final Scaled product = new Scaled();

    /** What came of numbers that are not finite, or 0. */
    private double literal;

    /** Adds {@code factor·upstream·(sumHigh + sumLow)}. */
    void add(Factor factor, double upstream, double sumHigh, double sumLow) {
        if (sumHigh == 0) {
            return;
        }
        double high = factor.high() * upstream;
        double magnitude = Math.abs(high * sumHigh);
        if (Math.abs(high) >= SMALLEST && magnitude >= SMALLEST && magnitude <= LARGEST) {
            double low = Math.fma(factor.high(), upstream, -high) + factor.low() * upstream;
            double productHigh = high * sumHigh;
            near.add(productHigh, Math.fma(high, sumHigh, -productHigh) + (high * sumLow + low * sumHigh));
        } else {
            add(factor, upstream, new Scaled().set(sumHigh, sumLow, 0));
        }
    }

    /** Adds {@code factor·upstream·sum}. */
    void add(Factor factor, double upstream, Scaled sum) {
        far.add(product.set(sum).multiply(factor.exact()).multiply(upstream));
    }

    /** Adds a number that need not be finite. */
    void addLiteral(double term) {
        literal += term;
    }

    /** The sum divided by {@code divisor}, rounded to double. */
    double dividedBy(double divisor) {
        Scaled sum = new Scaled().set(far).add(new Scaled(near.high())).add(new Scaled(near.low()));
        return sum.divide(divisor).toDouble() + literal / divisor;
    }
}
