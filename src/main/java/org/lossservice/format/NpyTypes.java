package org.lossservice.format;

import org.jspecify.annotations.Nullable;

/** What numpy's type codes are called. */
final class NpyTypes {

    private NpyTypes() {}

    /** A name for the type that a {@code descr} such as {@code <f2} stands for, with the code itself. */
    static String name(String descr) {
        if (descr.isEmpty()) {
            return "a structured type";
        }
        String code = descr.substring("<>|=".indexOf(descr.charAt(0)) < 0 ? 0 : 1);
        String name = switch (code) {
            case "f2" -> "float16";
            case "f4" -> "float32";
            case "f8" -> "float64";
            case "f12", "f16" -> "long double";
            case "i1", "i2", "i4", "i8" -> "int" + bits(code);
            case "u1", "u2", "u4", "u8" -> "unsigned uint" + bits(code);
            case "b1" -> "bool";
            case "V2" -> "a raw type of two bytes (bfloat16 is saved so)";
            default -> family(code);
        };
        return name + " (" + Text.quote(descr)
                + (element(code) == null || hasOrder(descr) ? "" : ", which says no byte order as <" + code + " does")
                + ")";
    }

    /** The type of elements that a code such as {@code f4}, without a byte order, stands for; null where it is not read. */
    static @Nullable ElementType element(String code) {
        return switch (code) {
            case "f4" -> ElementType.FLOAT32;
            case "f8" -> ElementType.FLOAT64;
            case "i4" -> ElementType.INT32;
            case "i8" -> ElementType.INT64;
            default -> null;
        };
    }

    /** Whether a {@code descr} says in which order bytes are. */
    static boolean hasOrder(String descr) {
        return descr.startsWith("<") || descr.startsWith(">");
    }

    private static int bits(String code) {
        return 8 * (code.charAt(1) - '0');
    }

    private static String family(String code) {
        return switch (code.isEmpty() ? ' ' : code.charAt(0)) {
            case 'O' -> "Python objects, which would have to be unpickled";
            case 'c' -> "complex";
            case 'U', 'S', 'a' -> "text";
            case 'M', 'm' -> "dates or times";
            case 'V' -> "a raw type";
            default -> "a type that is not known here";
        };
    }
}
