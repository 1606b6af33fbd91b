package org.lossservice.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.lossservice.tensor.DType;

/** The accuracy that is promised, in units in the last place of the exact result. */
final class Ulps {

    private Ulps() {}

    /** How far a result may be from the exact one: float32 1 ulp; float64 4 ulp for p up to 2, 2p + 4 beyond. */
    static double bound(DType dtype, int p) {
        if (dtype == DType.FLOAT32) {
            return 1;
        }
        return p <= 2 ? 4 : 2.0 * p + 4;
    }

    /** How far a gradient with respect to a score that is no label's may be, as {@link Block} has it: this and what follows are less. */
    static double ofElement(DType dtype, int p) {
        return rounded(dtype, p == 1 ? 1 : p == 2 ? 3 : 2 * p - 2);
    }

    /** How far a gradient with respect to a label's score may be. */
    static double ofLabel(DType dtype, int p) {
        return rounded(dtype, p == 1 ? 0 : p == 2 ? 3 : 2 * p - 2);
    }

    /** How far a loss, or a gradient with respect to a weight, may be. */
    static double ofSum(DType dtype, int p) {
        return rounded(dtype, p == 1 ? 3 : p == 2 ? 3.3 : 2 * p);
    }

    /** So many 2^-53, each at most a unit, and half a unit for the last rounding, which is all that float32 can see. */
    private static double rounded(DType dtype, double errors) {
        return dtype == DType.FLOAT32 ? 0.5 + 0x1p-20 : errors + 0.5;
    }

    /** The unit in the last place of a number, in the dtype. */
    static double of(DType dtype, double value) {
        return dtype == DType.FLOAT32 ? Math.ulp((float) value) : Math.ulp(value);
    }

    /** Asserts the nearest double but for 2^-40 of a unit, or a quarter where it is subnormal; infinite where it is too large. */
    static void assertRounded(double actual, Dyadic exact) {
        if (actual == 0) {
            assertThat(Double.doubleToRawLongBits(actual)).isZero();
            assertThat(exact.abs().isAtMost(new Dyadic(BigInteger.ONE, -1075))).isTrue();
        } else if (Double.isInfinite(actual)) {
            assertThat(Math.signum(actual)).isEqualTo(exact.signum());
            Dyadic least = Dyadic.of(Double.MAX_VALUE).plus(Dyadic.of(0x1p969));
            assertThat(least.isAtMost(exact.abs())).as("%s", exact).isTrue();
        } else {
            double ulp = Math.ulp(actual);
            // What is subnormal was rounded before.
            Dyadic allowed = Dyadic.of(ulp).times(Dyadic.of(ulp == Double.MIN_VALUE ? 0.75 : 0.5 + 0x1p-40));
            assertThat(Dyadic.of(actual).minus(exact).abs().isAtMost(allowed))
                    .as("%s, not %s", actual, exact)
                    .isTrue();
        }
    }
}
