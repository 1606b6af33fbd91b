package org.lossservice.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong with one request: all of it is counted, the first {@value #LISTED} are kept. Not thread-safe. */
public final class Faults {

    /** How many faults an answer lists. */
    public static final int LISTED = 32;

    private final List<Fault> listed = new ArrayList<>();
    private long total;

    /** Counts a fault, and keeps it while there is room. */
    public void add(Fault fault) {
        add(() -> fault);
    }

    /** Counts a fault that is only made while there is room: a body may hold millions. */
    public void add(Supplier<Fault> fault) {
        total++;
        if (listed.size() < LISTED) {
            listed.add(fault.get());
        }
    }

    /** How many faults were added, kept or not. */
    public long total() {
        return total;
    }

    /**
     * Ends the collecting.
     *
     * @throws FaultException with what was collected, where that is anything
     */
    public void throwIfAny() {
        if (total > 0) {
            throw new FaultException(listed, total);
        }
    }
}
