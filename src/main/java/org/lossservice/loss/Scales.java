package org.lossservice.loss;

import org.jspecify.annotations.Nullable;

/** {@link Formula#scale} of the classes whose rows are computed, once each: a large power of a weight is dear. For one thread. */
final class Scales {

    private final Formula formula;
    private @Nullable Scaled @Nullable [] byLabel;

    Scales(Formula formula) {
        this.formula = formula;
    }

    /** The scale of a label's rows, not to be changed. */
    Scaled of(int label) {
        if (formula.classes > formula.rows) {
            // few rows have a label in common
            return formula.scale(formula.weight(label));
        }
        if (byLabel == null) {
            byLabel = new Scaled[formula.classes];
        }
        Scaled scale = byLabel[label];
        if (scale == null) {
            scale = formula.scale(formula.weight(label));
            byLabel[label] = scale;
        }
        return scale;
    }
}
