package org.lossservice.tensor;

import java.util.Locale;

/** What can be wrong with a request: the machine-readable half of every error answer, and part of the contract. */
public enum FaultCode {
    MALFORMED_JSON(Category.MALFORMED),
    MALFORMED_NPZ(Category.MALFORMED),
    MALFORMED_SAFETENSORS(Category.MALFORMED),
    MALFORMED_ENCODING(Category.MALFORMED),
    MALFORMED_REQUEST(Category.MALFORMED),
    UNKNOWN_FIELD(Category.INVALID),
    DUPLICATE_FIELD(Category.INVALID),
    MISSING_FIELD(Category.INVALID),
    WRONG_TYPE(Category.INVALID),
    WRONG_DTYPE(Category.INVALID),
    WRONG_SHAPE(Category.INVALID),
    OUT_OF_RANGE(Category.INVALID),
    NOT_FINITE(Category.INVALID),
    RESULT_OVERFLOW(Category.INVALID),
    UNKNOWN_PARAMETER(Category.INVALID),
    TOO_LARGE(Category.TOO_LARGE),
    NOT_FOUND(Category.NOT_FOUND),
    METHOD_NOT_ALLOWED(Category.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(Category.NOT_ACCEPTABLE),
    UNSUPPORTED_MEDIA_TYPE(Category.UNSUPPORTED_MEDIA_TYPE),
    OVERLOADED(Category.UNAVAILABLE),
    DEADLINE_EXCEEDED(Category.UNAVAILABLE),
    INTERNAL_ERROR(Category.INTERNAL);

    /** What a code means for the request as a whole; the HTTP status is chosen by it. */
    public enum Category {
        /** The bytes cannot be parsed. */
        MALFORMED,
        /** Parsed, but the values are wrong. */
        INVALID,
        /** Over a limit. */
        TOO_LARGE,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        UNSUPPORTED_MEDIA_TYPE,
        /** Not now: the same request may succeed later. */
        UNAVAILABLE,
        /** A bug of ours. */
        INTERNAL
    }

    private final Category category;

    FaultCode(Category category) {
        this.category = category;
    }

    /** What the code means for the request as a whole. */
    public Category category() {
        return category;
    }

    /** The code as it stands in answers, in lower case with underscores. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
