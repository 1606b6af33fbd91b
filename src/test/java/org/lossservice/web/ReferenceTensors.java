package org.lossservice.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.lossservice.loss.Batch;
import org.lossservice.loss.Convention;
import org.lossservice.loss.MultiMarginLoss;
import org.lossservice.loss.NonFinite;
import org.lossservice.loss.Reduction;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;
import org.lossservice.tensor.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A second reading of binary requests, written for plainness from the formats' descriptions, that says of any body whether
 * it is a request and which. It shares no code with the readers of the service.
 */
final class ReferenceTensors {

    /** A body that is no request. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** An array, its elements in the order in which they lie. */
    private record Array(String type, boolean big, boolean fortran, List<Integer> shape, ByteBuffer bytes) {}

    private static final Map<String, Integer> SIZES = Map.of("f4", 4, "f8", 8, "i4", 4, "i8", 8);
    private static final Map<String, String> TYPES = Map.of("F32", "f4", "F64", "f8", "I32", "i4", "I64", "i8");
    private static final Set<String> NAMES = Set.of("input", "label", "weight", "grad_output");

    private static final String STRING = "('[^'\\\\\\x00-\\x1f]*'|\"[^\"\\\\\\x00-\\x1f]*\")";
    private static final String INT = "(?:0|[1-9][0-9]*)L?";
    // here ~ stands for any space
    private static final String TUPLE = "\\(~(?:I~,~(?:I~(?:,~I~)*,?~)?)?\\)".replace("I", INT);
    private static final String ITEM = "(?:(?:'descr'|\"descr\")~:~" + STRING
            + "|(?:'fortran_order'|\"fortran_order\")~:~(True|False)|(?:'shape'|\"shape\")~:~(" + TUPLE + "))";
    private static final Pattern HEADER = Pattern.compile(
            "~\\{~ITEM~,~ITEM~,~ITEM~(?:,~)?\\}~".replace("ITEM", ITEM).replace("~", "[ \\t\\n\\r\\f]*"));

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final int mostElements;
    private final long mostBytes;

    ReferenceTensors(int mostElements, long mostBytes) {
        this.mostElements = mostElements;
        this.mostBytes = mostBytes;
    }

    /** The request that a body is, with all parameters at their defaults. */
    MultiMarginRequest read(boolean npz, byte[] body) throws Refused {
        Map<String, Array> arrays = new HashMap<>();
        if (npz) {
            for (Map.Entry<String, byte[]> file : unzip(body).entrySet()) {
                require(file.getKey().endsWith(".npy"), "name");
                arrays.put(file.getKey().substring(0, file.getKey().length() - 4), npy(file.getValue()));
            }
        } else {
            readSafetensors(body, arrays);
        }
        require(NAMES.containsAll(arrays.keySet()), "unknown tensor");
        Array input = arrays.get("input");
        Array label = arrays.get("label");
        require(input != null && label != null, "missing tensor");
        if (input == null || label == null) {
            throw new AssertionError();
        }
        require(input.shape().size() == 2 && input.type().startsWith("f"), "input");
        FloatingTensor scores = floating(input);
        Array weight = arrays.get("weight");
        Array gradOutput = arrays.get("grad_output");
        int columns = input.shape().get(1);
        require(weight == null || weight.shape().equals(List.of(columns)), "weight");
        require(
                gradOutput == null
                        || gradOutput.shape().isEmpty()
                        || gradOutput.shape().equals(List.of(1)),
                "grad_output");
        require(weight == null || weight.type().equals(input.type()), "weight's type");
        require(gradOutput == null || gradOutput.type().equals(input.type()), "grad_output's type");
        return new MultiMarginRequest(
                new MultiMarginLoss(
                        1, 1, weight == null ? null : floating(weight), Reduction.MEAN, Convention.DOCUMENTED),
                new Batch(scores, labels(label, input.shape()), gradOutput == null ? null : floating(gradOutput)),
                null,
                true,
                false,
                NonFinite.ERROR);
    }

    private static void require(boolean right, String why) throws Refused {
        if (!right) {
            throw new Refused(why);
        }
    }

    private static FloatingTensor floating(Array array) throws Refused {
        int size = array.shape().stream().reduce(1, (a, b) -> a * b);
        require(size > 0, "empty");
        int rows = array.shape().size() == 2 ? array.shape().get(0) : 1;
        int columns = size / rows;
        Shape shape = switch (array.shape().size()) {
            case 0 -> Shape.scalar();
            case 1 -> Shape.vector(size);
            default -> Shape.matrix(rows, columns);
        };
        double[] doubles = new double[size];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int at = array.fortran() ? column * rows + row : row * columns + column;
                doubles[row * columns + column] = array.type().equals("f4")
                        ? array.bytes().getFloat(4 * at)
                        : array.bytes().getDouble(8 * at);
                require(Double.isFinite(doubles[row * columns + column]), "not finite");
            }
        }
        if (array.type().equals("f8")) {
            return new Float64Tensor(doubles, shape);
        }
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = (float) doubles[i];
        }
        return new Float32Tensor(floats, shape);
    }

    private static Labels labels(Array array, List<Integer> input) throws Refused {
        require(array.type().startsWith("i") && array.shape().equals(List.of(input.get(0))), "label");
        int[] labels = new int[input.get(0)];
        for (int i = 0; i < labels.length; i++) {
            long label = array.type().equals("i4")
                    ? array.bytes().getInt(4 * i)
                    : array.bytes().getLong(8 * i);
            require(label >= 0 && label < input.get(1), "label out of range");
            labels[i] = (int) label;
        }
        return Labels.of(labels, input.get(1));
    }

    private List<Integer> shape(List<Long> extents, int size, long bytes) throws Refused {
        long elements = 1;
        for (long extent : extents) {
            require(extent <= Integer.MAX_VALUE, "extent");
            elements *= extent;
            require(elements <= Integer.MAX_VALUE, "elements");
        }
        require(elements * size == bytes && elements <= mostElements, "size");
        return extents.stream().map(Long::intValue).toList();
    }

    // npy

    private Array npy(byte[] file) throws Refused {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        require(file.length >= 12 && bytes.getInt(0) == 0x4d554e93 && file[4] == 'P' && file[5] == 'Y', "magic");
        require(file[6] >= 1 && file[6] <= 3 && file[7] == 0, "version");
        int start = file[6] == 1 ? 10 : 12;
        long length = file[6] == 1 ? bytes.getShort(8) & 0xFFFF : bytes.getInt(8) & 0xFFFFFFFFL;
        require(length <= 10_000 && length <= file.length - start, "header");
        Matcher matcher = HEADER.matcher(new String(file, start, (int) length, StandardCharsets.ISO_8859_1));
        require(matcher.matches(), "header");
        String descr = one(matcher, 1);
        String fortran = one(matcher, 2);
        String tuple = one(matcher, 3);
        String type = descr.substring(1, descr.length() - 1);
        require(type.length() == 3 && (type.charAt(0) == '<' || type.charAt(0) == '>'), "type");
        Integer size = SIZES.get(type.substring(1));
        if (size == null) {
            throw new Refused("type");
        }
        List<Long> extents = new ArrayList<>();
        Matcher ints = Pattern.compile("[0-9]+").matcher(tuple);
        while (ints.find()) {
            require(ints.group().length() <= 18, "extent");
            extents.add(Long.valueOf(ints.group()));
        }
        require(extents.size() <= 64, "dimensions");
        int data = start + (int) length;
        boolean big = type.charAt(0) == '>';
        ByteBuffer elements = ByteBuffer.wrap(Arrays.copyOfRange(file, data, file.length));
        elements.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new Array(
                type.substring(1), big, fortran.equals("True"), shape(extents, size, file.length - data), elements);
    }

    /** The one of three items that a kind of value stands in; there must be one of each kind. */
    private static String one(Matcher matcher, int kind) throws Refused {
        String found = null;
        for (int group = kind; group <= 9; group += 3) {
            if (matcher.group(group) != null) {
                require(found == null, "a key stands twice");
                found = matcher.group(group);
            }
        }
        if (found == null) {
            throw new Refused("a key is missing");
        }
        return found;
    }

    // zip

    /** An entry as the directory has it. */
    private record Central(int flags, int method, int crc, long packed, long size, long local, String name) {}

    private Map<String, byte[]> unzip(byte[] body) throws Refused {
        ByteBuffer bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int end = body.length - 22;
        require(end >= 0 && bytes.getInt(end) == 0x06054b50 && bytes.getShort(end + 20) == 0, "end");
        long count = bytes.getShort(end + 10) & 0xFFFF;
        long size = bytes.getInt(end + 12) & 0xFFFFFFFFL;
        long start = bytes.getInt(end + 16) & 0xFFFFFFFFL;
        require(bytes.getInt(end + 4) == 0 && bytes.getShort(end + 8) == bytes.getShort(end + 10), "disks");
        if (start + size != end) {
            end -= 76;
            require(end >= 0, "end");
            ByteBuffer wide = bytes.slice(end, 76).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer expected = ByteBuffer.allocate(76).order(ByteOrder.LITTLE_ENDIAN);
            expected.putInt(0x06064b50).putLong(44).putInt(wide.getInt(12)).putLong(0);
            expected.putLong(wide.getLong(24)).putLong(wide.getLong(24));
            expected.putLong(wide.getLong(40)).putLong(end - wide.getLong(40));
            expected.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
            require(expected.flip().equals(wide), "zip64 end");
            require(count == 0xFFFF || count == wide.getLong(24), "count");
            require(size == 0xFFFFFFFFL || size == wide.getLong(40), "size");
            require(start == 0xFFFFFFFFL || start == end - wide.getLong(40), "start");
            count = wide.getLong(24);
            size = wide.getLong(40);
            start = end - size;
        }
        require(count >= 0 && count <= 1000 && start >= 0 && start <= end && size >= 0, "directory");
        TreeMap<Long, Central> directory = new TreeMap<>();
        ByteBuffer in = bytes.slice((int) start, (int) size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            Central central = central(in);
            require(directory.put(central.local(), central) == null, "two entries at one place");
        }
        require(!in.hasRemaining(), "directory goes on");
        long total = 0;
        for (Central central : directory.values()) {
            require(central.size() >= 0 && central.size() <= mostBytes, "size");
            total += central.size();
        }
        require(total <= mostBytes, "size");
        Map<String, byte[]> files = new TreeMap<>();
        ByteBuffer front = bytes.slice(0, (int) start).order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<Long, Central> entry : directory.entrySet()) {
            Long next = directory.higherKey(entry.getKey());
            require(entry.getKey() == front.position(), "gap or overlap");
            byte[] content = local(front, entry.getValue(), next == null ? start : next);
            String name = entry.getValue().name();
            require(files.put(name, content) == null, "two entries of one name");
        }
        require(!front.hasRemaining(), "gap");
        return files;
    }

    private static Central central(ByteBuffer in) throws Refused {
        require(in.remaining() >= 46, "directory");
        require(in.getInt() == 0x02014b50, "signature");
        in.getInt();
        int flags = in.getShort();
        int method = in.getShort();
        in.getInt();
        int crc = in.getInt();
        long packed = in.getInt() & 0xFFFFFFFFL;
        long size = in.getInt() & 0xFFFFFFFFL;
        byte[] name = new byte[in.getShort() & 0xFFFF];
        int extraLength = in.getShort() & 0xFFFF;
        int commentLength = in.getShort() & 0xFFFF;
        require(in.getShort() == 0, "disk");
        in.position(in.position() + 6);
        long local = in.getInt() & 0xFFFFFFFFL;
        require(in.remaining() >= name.length + extraLength + commentLength, "directory");
        in.get(name);
        ByteBuffer wide = extra(in, extraLength);
        in.position(in.position() + commentLength);
        size = wide(size, wide);
        packed = wide(packed, wide);
        local = wide(local, wide);
        return new Central(flags, method, crc, packed, size, local, new String(name, StandardCharsets.ISO_8859_1));
    }

    /** Reads an extra field, and gives what its part on zip64 says. */
    private static @Nullable ByteBuffer extra(ByteBuffer in, int length) throws Refused {
        int end = in.position() + length;
        ByteBuffer found = null;
        while (in.position() < end) {
            require(end - in.position() >= 4, "extra");
            int id = in.getShort() & 0xFFFF;
            int size = in.getShort() & 0xFFFF;
            require(end - in.position() >= size && id != 0x7075, "extra");
            if (id == 1) {
                require(found == null, "two of zip64");
                found = in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN);
            }
            in.position(in.position() + size);
        }
        return found;
    }

    private static long wide(long narrow, @Nullable ByteBuffer wide) throws Refused {
        if (narrow != 0xFFFFFFFFL) {
            return narrow;
        }
        if (wide == null || wide.remaining() < 8) {
            throw new Refused("zip64");
        }
        return wide.getLong();
    }

    private static byte[] local(ByteBuffer in, Central central, long next) throws Refused {
        boolean later = (central.flags() & 8) != 0;
        require((central.flags() & ~0x080e) == 0, "flags");
        require(central.method() == 0 || central.method() == 8, "method");
        require(in.remaining() >= 30 && in.getInt() == 0x04034b50, "signature");
        in.getShort();
        require(in.getShort() == central.flags() && in.getShort() == central.method(), "flags or method");
        in.getInt();
        int crc = in.getInt();
        long packed = in.getInt() & 0xFFFFFFFFL;
        long size = in.getInt() & 0xFFFFFFFFL;
        byte[] name = new byte[in.getShort() & 0xFFFF];
        int extraLength = in.getShort() & 0xFFFF;
        require(in.remaining() >= name.length + extraLength, "header");
        in.get(name);
        require(new String(name, StandardCharsets.ISO_8859_1).equals(central.name()), "name");
        ByteBuffer wide = extra(in, extraLength);
        size = wide(size, wide);
        packed = wide(packed, wide);
        require(crc == central.crc() || (later && crc == 0), "crc");
        require(packed == central.packed() || (later && packed == 0), "packed");
        require(size == central.size() || (later && size == 0), "size");
        require(central.packed() >= 0 && central.packed() <= in.remaining(), "packed");
        byte[] data = new byte[(int) central.packed()];
        in.get(data);
        byte[] content = central.method() == 0 ? data : inflate(data, (int) central.size());
        CRC32 actual = new CRC32();
        actual.update(content);
        require(content.length == central.size() && (int) actual.getValue() == central.crc(), "content");
        if (later) {
            require(next <= in.limit() && next >= in.position(), "descriptor");
            byte[] descriptor = new byte[(int) next - in.position()];
            in.get(descriptor);
            requireDescriptor(descriptor, central);
        }
        return content;
    }

    private static void requireDescriptor(byte[] actual, Central central) throws Refused {
        List<byte[]> expected = new ArrayList<>();
        for (boolean signed : new boolean[] {false, true}) {
            for (boolean wide : new boolean[] {false, true}) {
                byte[] bytes = new byte[(signed ? 4 : 0) + (wide ? 20 : 12)];
                ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                if (signed) {
                    buffer.putInt(0x08074b50);
                }
                buffer.putInt(central.crc());
                if (wide) {
                    buffer.putLong(central.packed()).putLong(central.size());
                } else {
                    buffer.putInt((int) central.packed()).putInt((int) central.size());
                }
                expected.add(bytes);
            }
        }
        require(expected.stream().anyMatch(bytes -> Arrays.equals(bytes, actual)), "descriptor");
    }

    private static byte[] inflate(byte[] data, int size) throws Refused {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(data);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] some = new byte[100];
            while (!inflater.finished()) {
                int read = inflater.inflate(some);
                require(read > 0 || inflater.finished(), "cut short");
                out.write(some, 0, read);
                require(out.size() <= size, "size");
            }
            require(inflater.getRemaining() == 0, "goes on");
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new Refused("not deflated");
        } finally {
            inflater.end();
        }
    }

    // safetensors

    private void readSafetensors(byte[] body, Map<String, Array> arrays) throws Refused {
        require(body.length >= 8, "length");
        long length = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getLong();
        require(length > 0 && length <= body.length - 8 && length <= 1 << 16, "length");
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, 8, (int) length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("UTF-8");
        }
        require(
                text.startsWith("{")
                        && text.endsWith("}"
                                + " "
                                        .repeat(text.length()
                                                - text.stripTrailing().length())),
                "{");
        // a number below zero, or the -0 that a tree no longer tells from 0
        require(!text.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "").contains("-"), "negative");
        JsonNode header;
        try {
            header = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new Refused("JSON");
        }
        Map<Long, Long> ranges = new TreeMap<>();
        int data = 8 + (int) length;
        for (Map.Entry<String, JsonNode> member : header.properties()) {
            JsonNode value = member.getValue();
            require(value.isObject(), "object");
            if (member.getKey().equals("__metadata__")) {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    require(entry.getValue().isString() && whole(entry.getKey()), "metadata");
                    require(whole(entry.getValue().asString()), "metadata");
                }
                continue;
            }
            require(value.size() == 3 && value.path("dtype").isString(), "keys");
            List<Long> shape = numbers(value.path("shape"));
            List<Long> offsets = numbers(value.path("data_offsets"));
            require(offsets.size() == 2, "offsets");
            require(offsets.get(1) <= body.length - data, "offsets");
            require(offsets.get(0) < offsets.get(1), "no request has an empty tensor");
            require(ranges.put(offsets.get(0), offsets.get(1)) == null, "overlap");
            String type = TYPES.get(value.get("dtype").asString());
            if (type == null) {
                throw new Refused("type");
            }
            int start = data + offsets.get(0).intValue();
            int end = data + offsets.get(1).intValue();
            int size = type.endsWith("4") ? 4 : 8;
            ByteBuffer elements = ByteBuffer.wrap(Arrays.copyOfRange(body, start, end));
            arrays.put(
                    member.getKey(),
                    new Array(
                            type,
                            false,
                            false,
                            shape(shape, size, end - start),
                            elements.order(ByteOrder.LITTLE_ENDIAN)));
        }
        long at = 0;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            require(range.getKey() == at, "hole or overlap");
            at = range.getValue();
        }
        require(at == body.length - data, "trailing bytes");
    }

    private static List<Long> numbers(JsonNode array) throws Refused {
        require(array.isArray(), "array");
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : array) {
            require(number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0, "number");
            numbers.add(number.asLong());
        }
        return numbers;
    }

    private static boolean whole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
