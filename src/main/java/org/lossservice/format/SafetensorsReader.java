package org.lossservice.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the tensors of a safetensors file: 8 bytes that give the length of a JSON header, the header, and the tensors'
 * bytes, which must cover the rest exactly and one by one.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class SafetensorsReader {

    /** The longest header in bytes; one of four tensors takes a few hundred. */
    static final int LONGEST_HEADER = 1 << 16;

    private static final int PREFIX = 8;
    private static final String METADATA = "__metadata__";

    /** One member of the header; its bytes are those from {@code begin} to {@code end}, counted from the header's end. */
    private record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

    private final byte[] body;
    private final byte[] header;
    private final List<Entry> entries = new ArrayList<>();

    private SafetensorsReader(byte[] body, byte[] header) {
        this.body = body;
        this.header = header;
    }

    /** Adds the tensors to {@code tensors}, their elements not yet read. */
    static void read(byte[] body, int length, TensorLimits limits, TensorNames tensors) {
        if (length < PREFIX) {
            throw malformed(
                    length,
                    length == 0
                            ? "the body is empty"
                            : "the body is shorter than the length that a safetensors file starts with");
        }
        long size = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (size < 0 || size > length - PREFIX) {
            throw malformed(
                    0,
                    "the safetensors header has " + Long.toUnsignedString(size) + " bytes, but " + (length - PREFIX)
                            + " follow: the body is cut short or is something else");
        }
        if (size > LONGEST_HEADER) {
            throw new FaultException(Fault.of(
                    FaultCode.TOO_LARGE,
                    "the safetensors header has " + size + " bytes, the limit is " + LONGEST_HEADER));
        }
        int data = PREFIX + (int) size;
        SafetensorsReader reader = new SafetensorsReader(body, Arrays.copyOfRange(body, PREFIX, data));
        reader.readHeader();
        reader.requireCover(length - data);
        for (Entry entry : reader.entries) {
            if (tensors.accepts(entry.name())) {
                tensors.put(reader.tensor(entry, data, limits));
            }
        }
    }

    private StoredTensor tensor(Entry entry, int data, TensorLimits limits) {
        int start = data + (int) entry.begin();
        int size = (int) (entry.end() - entry.begin());
        ElementType type = SafetensorsTypes.type(entry.dtype());
        List<Integer> dimensions = type == null
                ? List.of()
                : Extents.checked(
                        entry.name(),
                        entry.shape(),
                        type,
                        size,
                        limits,
                        detail -> malformed(PREFIX, entry.name() + " " + detail));
        return new StoredTensor(
                entry.name(),
                type,
                SafetensorsTypes.name(entry.dtype()),
                ByteOrder.LITTLE_ENDIAN,
                false,
                dimensions,
                new PlainBytes(body, start, size));
    }

    /** The tensors' bytes must be all that follows the header, without holes and without overlaps. */
    private void requireCover(int length) {
        List<Entry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : ordered) {
            if (entry.begin() != at) {
                throw malformed(
                        PREFIX,
                        "the bytes of " + Text.quote(entry.name()) + " start at " + entry.begin() + ", but "
                                + (entry.begin() < at ? "those before it end at " : "the first not taken yet is at ")
                                + at);
            }
            at = entry.end();
        }
        if (at != length) {
            throw malformed(PREFIX, "the tensors take " + at + " bytes, but " + length + " follow the header");
        }
    }

    private void readHeader() {
        // Jackson would also take blanks in front
        if (header.length == 0 || header[0] != '{') {
            throw malformed(PREFIX, "the safetensors header does not start with {");
        }
        int end = header.length;
        while (header[end - 1] == ' ') {
            end--;
        }
        try {
            Json.requireUtf8(header, end);
        } catch (FaultException e) {
            throw malformed(PREFIX + e.faults().getFirst().offset(), "the safetensors header is not JSON in UTF-8");
        }
        try (JsonParser parser = Json.parser(header, 0, end)) {
            parser.nextToken();
            Set<String> names = new HashSet<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                require(value == JsonToken.START_OBJECT, parser, Text.quote(name) + " is no object");
                if (name.equals(METADATA)) {
                    require(names.add(name), parser, METADATA + " stands twice");
                    readMetadata(parser);
                } else {
                    entries.add(readEntry(parser, name));
                }
            }
            require(offset(parser) == end, parser, "bytes follow the end of the JSON");
        } catch (JacksonException e) {
            long offset =
                    e.getLocation() == null ? 0 : Math.clamp(e.getLocation().getByteOffset(), 0, end);
            throw malformed(PREFIX + offset, "the safetensors header is not JSON");
        }
    }

    private static void readMetadata(JsonParser parser) {
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            require(keys.add(key), parser, "a key of " + METADATA + " stands twice");
            require(parser.nextToken() == JsonToken.VALUE_STRING, parser, "a value of " + METADATA + " is no string");
            boolean unicode = !Text.hasLoneSurrogate(key) && !Text.hasLoneSurrogate(parser.getString());
            require(unicode, parser, "a string of " + METADATA + " holds half of a surrogate pair");
        }
    }

    private static Entry readEntry(JsonParser parser, String name) {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    require(
                            dtype == null && token == JsonToken.VALUE_STRING,
                            parser,
                            "a dtype is no string, or stands twice");
                    dtype = parser.getString();
                }
                case "shape" -> {
                    require(shape == null, parser, "a shape stands twice");
                    shape = readNumbers(parser, token);
                }
                case "data_offsets" -> {
                    require(offsets == null, parser, "data_offsets stand twice");
                    offsets = readNumbers(parser, token);
                }
                default -> require(false, parser, "unknown key " + Text.quote(key));
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw malformed(PREFIX + offset(parser), Text.quote(name) + " lacks dtype, shape or two data_offsets");
        }
        require(offsets.get(0) <= offsets.get(1), parser, "the data_offsets of " + Text.quote(name) + " are swapped");
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> readNumbers(JsonParser parser, JsonToken first) {
        require(first == JsonToken.START_ARRAY, parser, "a shape or data_offsets is no array");
        List<Long> numbers = new ArrayList<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            boolean number = token == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                    && parser.getLongValue() >= 0
                    && parser.getString().charAt(0) != '-';
            require(number, parser, "a shape or data_offsets holds what is no number of elements or bytes");
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    private static long offset(JsonParser parser) {
        return parser.currentLocation().getByteOffset();
    }

    private static void require(boolean right, JsonParser parser, String detail) {
        if (!right) {
            throw malformed(PREFIX + offset(parser), "in the safetensors header " + detail);
        }
    }

    private static FaultException malformed(long offset, String detail) {
        return new FaultException(
                Fault.at(FaultCode.MALFORMED_SAFETENSORS, offset, detail + " (at byte " + offset + ")"));
    }
}
