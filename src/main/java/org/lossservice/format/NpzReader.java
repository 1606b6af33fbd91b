package org.lossservice.format;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.lossservice.tensor.FaultException;

/** Finds the tensors of an npz file: a zip file of npy arrays, each named for its tensor. */
final class NpzReader {

    private static final String SUFFIX = ".npy";
    /** What numpy calls arrays that it was given without a name. */
    private static final Pattern UNNAMED = Pattern.compile("arr_\\d+\\.npy");

    private NpzReader() {}

    /** Adds the tensors to {@code tensors}, their elements not yet read. */
    static void read(byte[] body, int length, TensorLimits limits, TensorNames tensors) {
        List<ZipEntry> entries = ZipDirectory.read(body, length);
        long size = 0;
        for (ZipEntry entry : entries) {
            // each size alone may be near the end of the numbers
            size = Math.min(Long.MAX_VALUE - entry.size(), size) + entry.size();
        }
        limits.requireInflated(size);
        for (ZipEntry entry : entries) {
            String name = entry.name();
            if (!name.endsWith(SUFFIX)) {
                tensors.unknown(name, "; an array in an npz file has a name that ends in " + SUFFIX);
            } else if (UNNAMED.matcher(name).matches()) {
                tensors.unknown(
                        withoutSuffix(name),
                        "; numpy names arrays by their keywords: np.savez(file, input=…, label=…)");
            } else if (tensors.accepts(withoutSuffix(name))) {
                tensors.put(tensor(body, entry, limits));
            }
        }
    }

    private static String withoutSuffix(String name) {
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static StoredTensor tensor(byte[] body, ZipEntry entry, TensorLimits limits) {
        String name = withoutSuffix(entry.name());
        Function<String, FaultException> malformed = entry::malformed;
        NpyHeader header = NpyHeader.read(ZippedBytes.head(body, entry, NpyHeader.MOST_BYTES), malformed);
        ElementType type = header.type();
        List<Integer> dimensions = type == null
                ? List.of()
                : Extents.checked(name, header.shape(), type, entry.size() - header.size(), limits, malformed);
        return new StoredTensor(
                name,
                type,
                NpyTypes.name(header.descr()),
                header.order(),
                header.columnMajor(),
                dimensions,
                new ZippedBytes(body, entry, header.size(), limits.checkpoint()));
    }
}
