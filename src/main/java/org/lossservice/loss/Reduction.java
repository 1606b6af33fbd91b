package org.lossservice.loss;

import java.util.Locale;

/** How the losses of the rows become the answer. */
public enum Reduction {
    /** The loss of each row, [N]. */
    NONE,
    /** The sum over the rows divided by N, never by a sum of weights. */
    MEAN,
    /** The sum over the rows. */
    SUM;

    /** The name in requests and answers. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
