package org.lossservice.format;

import java.util.List;
import java.util.function.Function;
import org.lossservice.tensor.FaultException;

/** Checks the shape that a body gives a tensor against the bytes that are there, before any memory is taken. */
final class Extents {

    /** As many as numpy has. */
    private static final int MOST_DIMENSIONS = 64;

    private Extents() {}

    /**
     * The extents as ints.
     *
     * @param bytes how many bytes the body has for the tensor
     * @param malformed makes the exception that the body is thrown out with, from a detail
     * @throws FaultException {@code TOO_LARGE} where there are more elements than the limit; what {@code malformed} makes
     *     where the bytes are not as many as the shape takes
     */
    static List<Integer> checked(
            String name,
            List<Long> extents,
            ElementType type,
            long bytes,
            TensorLimits limits,
            Function<String, FaultException> malformed) {
        if (extents.size() > MOST_DIMENSIONS) {
            throw malformed.apply("has " + extents.size() + " dimensions");
        }
        long elements = 1;
        for (long extent : extents) {
            if (extent > Integer.MAX_VALUE || elements * extent > Integer.MAX_VALUE) {
                throw malformed.apply("has shape " + shown(extents) + ", with extents or elements beyond 2^31 - 1");
            }
            elements *= extent;
        }
        if (elements * type.bytes() != bytes) {
            throw malformed.apply("has shape " + shown(extents) + ", which takes " + elements * type.bytes()
                    + " bytes, but there are " + bytes);
        }
        limits.requireElements(name, elements);
        return extents.stream().map(Long::intValue).toList();
    }

    /** A shape, cut where it is long. */
    static String shown(List<? extends Number> extents) {
        return extents.size() <= 4
                ? extents.toString()
                : extents.subList(0, 4) + " and " + (extents.size() - 4) + " more";
    }
}
