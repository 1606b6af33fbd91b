package org.lossservice.format;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.Labels;

/** Takes classes one by one, and refuses those that are none. */
final class LabelReader implements LongConsumer {

    private final String name;
    private final int[] labels;
    private final int classes;
    private final Faults faults;
    private final long before;
    private int at;

    /** A reader of {@code length} classes below {@code classes}, which is less than 1 where it is not known. */
    LabelReader(String name, int length, int classes, Faults faults) {
        this.name = name;
        this.labels = new int[length];
        this.classes = classes;
        this.faults = faults;
        this.before = faults.total();
    }

    @Override
    public void accept(long value) {
        int row = at++;
        if (value < 0 || value >= (classes > 0 ? classes : Integer.MAX_VALUE)) {
            faults.add(() -> outOfRange(row, value));
        } else {
            labels[row] = (int) value;
        }
    }

    private Fault outOfRange(int row, long value) {
        return classes > 0
                ? Labels.outOfRange(row, Long.toString(value), classes)
                : new Fault(FaultCode.OUT_OF_RANGE, name, List.of(row), "label " + value + " is not a class");
    }

    /** The labels; null where one is at fault, or the number of classes is not known. */
    @Nullable
    Labels labels() {
        return faults.total() > before || classes < 1 ? null : Labels.of(labels, classes);
    }
}
