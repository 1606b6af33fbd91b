package org.lossservice.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;

/** Texts of numbers that are hard to round: seeded, and such that JSON takes them. */
final class HardNumbers {

    private final SplittableRandom random;
    private final boolean single;

    /** @param single whether they are hard for float rather than double */
    HardNumbers(long seed, boolean single) {
        this.random = new SplittableRandom(seed);
        this.single = single;
    }

    String next() {
        return switch (random.nextInt(9)) {
            case 0 -> shortest(false);
            case 1 -> shortest(true);
            case 2 -> halfway().toString();
            case 3 -> halfway().round(cut()).toString();
            case 4 -> moved(halfway()).toString();
            case 5 -> digits(17 + random.nextInt(24)) + "e" + exponent();
            case 6 -> digits(1 + random.nextInt(19)) + "E" + exponent();
            case 7 -> zeros();
            default -> ordinary();
        };
    }

    private MathContext cut() {
        RoundingMode mode = random.nextBoolean() ? RoundingMode.DOWN : RoundingMode.UP;
        return new MathContext(15 + random.nextInt(26), mode);
    }

    private String shortest(boolean subnormal) {
        return single ? Float.toString(randomFloat(subnormal)) : Double.toString(randomDouble(subnormal));
    }

    private float randomFloat(boolean subnormal) {
        float value;
        do {
            value = Float.intBitsToFloat(random.nextInt() & (subnormal ? 0x807F_FFFF : -1));
        } while (!Float.isFinite(value));
        return value;
    }

    private double randomDouble(boolean subnormal) {
        double value;
        do {
            value = Double.longBitsToDouble(random.nextLong() & (subnormal ? 0x800F_FFFF_FFFF_FFFFL : -1));
        } while (!Double.isFinite(value));
        return value;
    }

    /** What lies halfway between two neighbours: all of its digits, up to 112 or 767. */
    private BigDecimal halfway() {
        boolean subnormal = random.nextInt(4) == 0;
        BigDecimal lower;
        BigDecimal upper;
        if (single) {
            float value = ordinaryFloat(subnormal);
            lower = new BigDecimal(value);
            upper = new BigDecimal(Math.nextUp(value));
        } else {
            double value = ordinaryDouble(subnormal);
            lower = new BigDecimal(value);
            upper = new BigDecimal(Math.nextUp(value));
        }
        return lower.add(upper).divide(BigDecimal.TWO);
    }

    /** Of any size, or of an everyday one, whose halves have few digits. */
    private float ordinaryFloat(boolean subnormal) {
        float value = random.nextBoolean() ? (float) random.nextGaussian() : randomFloat(subnormal);
        return Float.isFinite(Math.nextUp(value)) ? value : 1;
    }

    private double ordinaryDouble(boolean subnormal) {
        double value = random.nextBoolean() ? random.nextGaussian() : randomDouble(subnormal);
        return Double.isFinite(Math.nextUp(value)) ? value : 1;
    }

    /** A little more or less, far behind the digits that count. */
    private BigDecimal moved(BigDecimal value) {
        BigDecimal little = value.ulp().scaleByPowerOfTen(-random.nextInt(30));
        return random.nextBoolean() ? value.add(little) : value.subtract(little);
    }

    private int exponent() {
        int limit = single ? 60 : 345;
        return random.nextInt(2 * limit) - limit;
    }

    private String digits(int count) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        text.append(1 + random.nextInt(9));
        int point = random.nextInt(count);
        for (int i = 1; i < count; i++) {
            text.append(i == point ? "." : "").append(random.nextInt(10));
        }
        return text.toString();
    }

    private String zeros() {
        String digits = new BigInteger(1 + random.nextInt(70), new java.util.Random(random.nextLong())).toString();
        return "0." + "0".repeat(random.nextInt(80)) + digits + "0".repeat(random.nextInt(80));
    }

    private String ordinary() {
        BigDecimal value = BigDecimal.valueOf(random.nextLong(-100_000_000, 100_000_000), random.nextInt(10));
        return random.nextInt(20) == 0 ? "-0" : value.toPlainString();
    }
}
