package org.lossservice.format;

import org.jspecify.annotations.Nullable;

/** The types of elements that safetensors files have. */
final class SafetensorsTypes {

    private SafetensorsTypes() {}

    /** The type that a {@code dtype} such as {@code F32} stands for; null for one that is not read here. */
    static @Nullable ElementType type(String dtype) {
        return switch (dtype) {
            case "F32" -> ElementType.FLOAT32;
            case "F64" -> ElementType.FLOAT64;
            case "I32" -> ElementType.INT32;
            case "I64" -> ElementType.INT64;
            default -> null;
        };
    }

    /** A name for the type that a {@code dtype} stands for, with the code itself. */
    static String name(String dtype) {
        String code = Text.quote(dtype);
        return switch (dtype) {
            case "F16" -> "float16 (" + code + ")";
            case "BF16" -> "bfloat16 (" + code + ")";
            case "F32", "F64" -> "float" + dtype.substring(1) + " (" + code + ")";
            case "I8", "I16", "I32", "I64" -> "int" + dtype.substring(1) + " (" + code + ")";
            case "U8", "U16", "U32", "U64" -> "unsigned uint" + dtype.substring(1) + " (" + code + ")";
            case "BOOL" -> "bool (" + code + ")";
            default -> "a type that is not known here (" + code + ")";
        };
    }
}
