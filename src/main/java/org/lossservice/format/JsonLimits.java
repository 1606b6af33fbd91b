package org.lossservice.format;

import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * Bounds on what a JSON body may hold, checked before memory is taken, and on the time that reading it takes.
 *
 * @param elements the most elements one tensor may have
 * @param depth the deepest nesting of arrays and objects
 * @param numberLength the most characters of one number
 * @param stringLength the most characters of one string or member name
 * @param checkpoint called again and again; what it throws ends the reading
 */
public record JsonLimits(int elements, int depth, int numberLength, int stringLength, Runnable checkpoint) {

    void requireDepth(String name, int levels) {
        requireSoFar(levels, "levels of nesting", name, depth, "depth");
    }

    void requireElements(String name, int count) {
        requireSoFar(count, "elements", name, elements, "elements");
    }

    void requireNumber(int characters) {
        requireLength("a number", characters, numberLength, "number-length");
    }

    void requireString(int characters) {
        requireLength("a string", characters, stringLength, "string-length");
    }

    private static void requireLength(String what, int actual, int limit, String setting) {
        if (actual > limit) {
            String found = what + " has " + actual + " characters, the limit";
            throw new FaultException(Fault.of(FaultCode.TOO_LARGE, detail(found, limit, setting)));
        }
    }

    /** Of what is counted while it is read: the first that is too many ends the reading. */
    private static void requireSoFar(int actual, String what, String name, int limit, String setting) {
        if (actual > limit) {
            String found = " has " + actual + " or more " + what + ", and was read no further; the limit";
            throw new FaultException(
                    name.isEmpty()
                            ? Fault.of(FaultCode.TOO_LARGE, detail("the body" + found, limit, setting))
                            : Fault.ofUnknown(
                                    FaultCode.TOO_LARGE, name, detail(Text.quote(name) + found, limit, setting)));
        }
    }

    private static String detail(String found, int limit, String setting) {
        return found + " is " + limit + " (loss.limits." + setting + ")";
    }
}
