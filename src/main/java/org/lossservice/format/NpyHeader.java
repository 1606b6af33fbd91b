package org.lossservice.format;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;

/**
 * The header of an npy array, versions 1 to 3 of numpy's format: a Python dict of exactly {@code descr}, {@code
 * fortran_order} and {@code shape}, written as a literal. Only what numpy writes is read; nothing is evaluated.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
final class NpyHeader {

    /** The longest header in characters, as numpy itself has it by default (max_header_size). */
    static final int LONGEST = 10_000;

    /** The most bytes from the start of an entry to the end of its header. */
    static final int MOST_BYTES = 12 + LONGEST;

    /** What an array starts with, one character for each byte. */
    static final String MAGIC = "\u0093NUMPY";

    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

    private final PythonLiteral literal;
    private final int size;
    private final Function<String, FaultException> malformed;

    private @Nullable String descr;
    private boolean columnMajor;
    private final List<Long> shape = new ArrayList<>();

    private NpyHeader(String text, int start, int size, Function<String, FaultException> malformed) {
        this.malformed = detail -> malformed.apply("has an npy header that " + detail);
        this.literal = new PythonLiteral(text, start, size, this.malformed);
        this.size = size;
    }

    /**
     * Reads the header at the start of {@code head}.
     *
     * @param head the entry's first bytes, at most {@link #MOST_BYTES}
     * @param malformed makes the exception for an entry that is no npy array, from a detail that its name goes in front of
     */
    static NpyHeader read(byte[] head, Function<String, FaultException> malformed) {
        // one character for each byte; what is not ASCII has a place in names of fields only, which are not read
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(MAGIC) || text.length() < 10) {
            throw malformed.apply("is no npy array");
        }
        int version = text.charAt(6);
        if (version < 1 || version > 3 || text.charAt(7) != 0) {
            throw malformed.apply(
                    "is of npy version " + version + "." + (int) text.charAt(7) + "; 1.0 to 3.0 are known");
        }
        int start = version == 1 ? 10 : 12;
        if (text.length() < start) {
            throw malformed.apply("is cut short in its npy header");
        }
        long length = text.charAt(8) | text.charAt(9) << 8;
        if (version > 1) {
            length |= (long) text.charAt(10) << 16 | (long) text.charAt(11) << 24;
        }
        if (length > LONGEST) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE, "an npy header has " + length + " characters, the limit is " + LONGEST));
        }
        if (length > text.length() - start) {
            throw malformed.apply("is cut short in its npy header");
        }
        NpyHeader header = new NpyHeader(text, start, start + (int) length, malformed);
        header.parse();
        return header;
    }

    /** The type of the elements, as {@code <f4}; empty for a structured one, whose header is read no further. */
    String descr() {
        return descr == null ? "" : descr;
    }

    /** The type of the elements; null for one that is not read here. */
    @Nullable
    ElementType type() {
        return NpyTypes.hasOrder(descr()) ? NpyTypes.element(descr().substring(1)) : null;
    }

    ByteOrder order() {
        return descr().startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    boolean columnMajor() {
        return columnMajor;
    }

    List<Long> shape() {
        return shape;
    }

    /** How many bytes there are before the first element. */
    int size() {
        return size;
    }

    private void parse() {
        Set<String> seen = new HashSet<>();
        literal.expect('{');
        while (!literal.accept('}')) {
            if (!seen.isEmpty()) {
                literal.expect(',');
                if (literal.accept('}')) {
                    break;
                }
            }
            String key = literal.string();
            if (!KEYS.contains(key) || !seen.add(key)) {
                throw malformed.apply("has an unknown or a second key " + Text.quote(key));
            }
            literal.expect(':');
            if (!value(key)) {
                return;
            }
        }
        if (!literal.isAtEnd()) {
            throw malformed.apply("does not end after its dict");
        }
        if (seen.size() < KEYS.size()) {
            throw malformed.apply("lacks one of the keys descr, fortran_order and shape");
        }
    }

    /** Reads the value of a key; false for a structured type, after which nothing is read any more. */
    private boolean value(String key) {
        switch (key) {
            case "descr" -> {
                if (literal.next() == '[' || literal.next() == '(') {
                    return false;
                }
                descr = literal.string();
            }
            case "fortran_order" -> {
                columnMajor = literal.word("True");
                if (!columnMajor && !literal.word("False")) {
                    throw malformed.apply("has a fortran_order that is neither True nor False");
                }
            }
            default -> tuple();
        }
        return true;
    }

    private void tuple() {
        literal.expect('(');
        boolean comma = true;
        while (!literal.accept(')')) {
            if (!comma) {
                throw malformed.apply("has no comma between two extents");
            }
            shape.add(literal.extent());
            comma = literal.accept(',');
        }
        // Python reads (3) as a number, only (3,) as a tuple
        if (shape.size() == 1 && !comma) {
            throw malformed.apply("has a shape that is no tuple");
        }
    }
}
