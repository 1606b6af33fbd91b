package org.lossservice.loss;

import java.util.Locale;

/** What is done with NaN and infinities, in a request and in a result. */
public enum NonFinite {
    /** The request holds none (its reader refused them), and a result that overflows is refused. */
    ERROR,
    /** They are computed with by the rules of IEEE 754; a NaN is never dropped, and an overflow is an infinity. */
    PROPAGATE;

    /** The name in requests. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
