package org.lossservice.loss;

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

    /** The unit in the last place of a number, in the dtype. */
    static double of(DType dtype, double value) {
        return dtype == DType.FLOAT32 ? Math.ulp((float) value) : Math.ulp(value);
    }
}
