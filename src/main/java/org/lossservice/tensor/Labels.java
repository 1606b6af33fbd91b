package org.lossservice.tensor;

import java.util.List;

/** The class of each row of a batch, shape [N]: every value is in [0, C), where C is {@link #classes()}. */
public final class Labels {

    private final int[] array;
    private final int classes;

    private Labels(int[] array, int classes) {
        this.array = array;
        this.classes = classes;
    }

    /**
     * Takes over {@code array}, one class for each row.
     *
     * @throws FaultException naming every label that is not in [0, classes), as far as they are listed
     */
    public static Labels of(int[] array, int classes) {
        Faults faults = new Faults();
        for (int i = 0; i < array.length; i++) {
            int row = i;
            if (array[i] < 0 || array[i] >= classes) {
                faults.add(() -> outOfRange(row, Integer.toString(array[row]), classes));
            }
        }
        faults.throwIfAny();
        return new Labels(array, classes);
    }

    /**
     * The fault of a label outside [0, classes).
     *
     * @param value its text, which may be beyond int
     * @param classes C, or less than 1 where it is not known
     */
    public static Fault outOfRange(int index, String value, int classes) {
        String detail = classes < 1
                ? " is not a class"
                : " is not in [0, " + classes + "): input has " + classes + (classes == 1 ? " class" : " classes");
        return new Fault(FaultCode.OUT_OF_RANGE, "label", List.of(index), "label " + value + detail);
    }

    /** The labels themselves, not a copy. */
    public int[] array() {
        return array;
    }

    /** The number of rows, N. */
    public int length() {
        return array.length;
    }

    /** The number of classes, C, that the labels were checked against. */
    public int classes() {
        return classes;
    }
}
