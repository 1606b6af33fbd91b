package org.lossservice.format;

import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * Bounds on what a JSON body may hold, checked before memory is taken, and on the time that reading it takes. The
 * checks take the name of the body's member that is being read, empty for the body itself, and throw {@code TOO_LARGE}
 * located there.
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

    void requireNumber(String name, int characters) {
        requireLength("a number", characters, name, numberLength, "number-length");
    }

    void requireString(String name, int characters) {
        requireLength("a string", characters, name, stringLength, "string-length");
    }

    private static void requireLength(String what, int actual, String name, int limit, String setting) {
        if (actual > limit) {
            String where = name.isEmpty() ? "" : " in " + Text.quote(name);
            throw tooLarge(name, what + where + " has " + actual + " characters, the limit", limit, setting);
        }
    }

    /** What is counted while it is read: the first that is too many ends the reading. */
    private static void requireSoFar(int actual, String what, String name, int limit, String setting) {
        if (actual > limit) {
            String where = name.isEmpty() ? "the body" : Text.quote(name);
            String found = where + " has " + actual + " or more " + what + ", and was read no further; the limit";
            throw tooLarge(name, found, limit, setting);
        }
    }

    private static FaultException tooLarge(String name, String found, int limit, String setting) {
        String detail = found + " is " + limit + " (loss.limits." + setting + ")";
        return new FaultException(
                name.isEmpty()
                        ? Fault.of(FaultCode.TOO_LARGE, detail)
                        : Fault.ofUnknown(FaultCode.TOO_LARGE, name, detail));
    }
}
