package org.lossservice.tensor;

import java.util.List;

/** A request that is at fault. Expected, so it carries no stack trace. */
public final class FaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;
    private final long total;

    /** One fault, which stands alone. */
    public FaultException(Fault fault) {
        this(List.of(fault), 1);
    }

    FaultException(List<Fault> faults, long total) {
        super(faults.getFirst().detail(), null, false, false);
        this.faults = List.copyOf(faults);
        this.total = total;
    }

    /** The faults that are listed, at most {@link Faults#LISTED}, at least one. */
    public List<Fault> faults() {
        return faults;
    }

    /** How many faults there are, listed or not. */
    public long total() {
        return total;
    }
}
