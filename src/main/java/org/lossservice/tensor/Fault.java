package org.lossservice.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request, and where.
 *
 * @param code what is wrong, for machines
 * @param name the tensor or parameter at fault, under its name in the request or answer; null where the fault lies in no
 *     one of them
 * @param index the indices of the element within {@code name}, outermost first; empty for the whole of it
 * @param offset the byte of the body at which reading failed, or -1
 * @param detail what is wrong, for people: safe to show, bounded in length, with no more of the input than helps
 */
public record Fault(FaultCode code, @Nullable String name, List<Integer> index, long offset, String detail) {

    /** The longest name of the client's own that is given as a location. */
    public static final int LONGEST_NAME = 64;

    public Fault {
        index = List.copyOf(index);
    }

    /** A fault in a named tensor or parameter, or in one element of it. */
    public Fault(FaultCode code, @Nullable String name, List<Integer> index, String detail) {
        this(code, name, index, -1, detail);
    }

    /** A fault in the whole of a named tensor or parameter. */
    public static Fault of(FaultCode code, String name, String detail) {
        return new Fault(code, name, List.of(), -1, detail);
    }

    /** A fault in something under a name that is none of ours; one too long to be shown locates nothing. */
    public static Fault ofUnknown(FaultCode code, String name, String detail) {
        return name.length() <= LONGEST_NAME ? of(code, name, detail) : of(code, detail);
    }

    /** A body that cannot be parsed, with the byte at which that became certain. */
    public static Fault at(FaultCode code, long offset, String detail) {
        return new Fault(code, null, List.of(), offset, detail);
    }

    /** A fault of the request as a whole. */
    public static Fault of(FaultCode code, String detail) {
        return new Fault(code, null, List.of(), -1, detail);
    }
}
