package org.lossservice.format;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.Labels;

/** Takes classes one by one, and refuses those that are none. */
final class LabelReader implements LongConsumer {

    private final int[] labels;
    private final int classes;
    private final Faults faults;
    private final long before;
    private int at;

    /** A reader of {@code length} classes below {@code classes}, which is less than 1 where it is not known. */
    LabelReader(int length, int classes, Faults faults) {
        this.labels = new int[length];
        this.classes = classes;
        this.faults = faults;
        this.before = faults.total();
    }

    @Override
    public void accept(long value) {
        int row = at++;
        if (value < 0 || value >= (classes > 0 ? classes : Integer.MAX_VALUE)) {
            faults.add(() -> Labels.outOfRange(row, Long.toString(value), classes));
        } else {
            labels[row] = (int) value;
        }
    }

    /** The labels; null where one is at fault, or the number of classes is not known. */
    @Nullable
    Labels labels() {
        return faults.total() > before || classes < 1 ? null : Labels.of(labels, classes);
    }
}
