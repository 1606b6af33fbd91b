package org.lossservice.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.lossservice.format.Npy;
import org.lossservice.format.Safetensors;
import org.lossservice.format.Zip;

/**
 * Makes binary bodies that are requests, or nearly. Faults are made on each level: in elements, in the headers of arrays,
 * in the structure of the file around whole arrays (so that a CRC does not catch all of them), and in any byte.
 */
final class TensorMutations {

    private static final String[] TYPES = {
        "<f4", ">f4", "<f8", ">f8", "<i4", ">i4", "<i8", ">i8", "<f2", "|u1", "|O", "f4"
    };
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        12,
        16,
        20,
        24,
        63,
        64,
        127,
        128,
        255,
        256,
        0xFFFF,
        0x10000,
        0x7FFFFFFF,
        0x80000000L,
        0xFFFFFFFFL,
        0x100000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1
    };
    private static final String CHARACTERS = "0123456789'\"(){}[],: \n\tLTruefalse<>f4i8-.\\\u00e9";

    private final Random random;

    TensorMutations(long seed) {
        random = new Random(seed);
    }

    /** A body, and whether it is sent as npz. */
    static final class Body {
        private final boolean npz;
        private final byte[] bytes;

        Body(boolean npz, byte[] bytes) {
            this.npz = npz;
            this.bytes = bytes;
        }

        boolean npz() {
            return npz;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** The next body. */
    Body next() {
        boolean npz = random.nextBoolean();
        byte[] bytes = npz ? npz() : safetensors();
        int changes = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < changes; i++) {
            bytes = change(bytes);
        }
        // now and then a body under the other format's name
        return new Body(random.nextInt(200) == 0 ? !npz : npz, bytes);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    // elements

    private byte[] elements(String type, int count, int classes) {
        ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return switch (type.substring(type.length() - 2)) {
            case "f8" ->
                Npy.doubles(order, random.doubles(count).map(this::score).toArray());
            case "i4" ->
                Npy.ints(
                        order,
                        random.ints(count, 0, Math.max(1, classes))
                                .map(label -> (int) label(label))
                                .toArray());
            case "i8" ->
                Npy.longs(
                        order,
                        random.longs(count, 0, Math.max(1, classes))
                                .map(this::label)
                                .toArray());
            case "f4" -> {
                float[] floats = new float[count];
                for (int i = 0; i < count; i++) {
                    floats[i] = (float) score(random.nextDouble());
                }
                yield Npy.floats(order, floats);
            }
            default -> new byte[count];
        };
    }

    private double score(double value) {
        return switch (random.nextInt(300)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2, 3 -> -0.0;
            case 4, 5 -> 1.0E38 * value;
            case 6, 7 -> 1.0E-40 * value;
            default -> 8 * value - 4;
        };
    }

    private long label(long label) {
        return oneIn(150) ? NUMBERS[random.nextInt(NUMBERS.length)] : label;
    }

    /** Names, types and shapes of the tensors of one request, now and then wrong. */
    private record Plan(String name, String type, List<Integer> shape) {}

    private List<Plan> plans() {
        int rows = 1 + random.nextInt(5);
        int columns = 1 + random.nextInt(6);
        String type = TYPES[random.nextInt(4)];
        List<Plan> plans = new ArrayList<>();
        plans.add(new Plan("input", type, List.of(rows, columns)));
        plans.add(new Plan("label", TYPES[4 + random.nextInt(4)], List.of(rows)));
        if (oneIn(3)) {
            plans.add(new Plan("weight", sameSize(type), List.of(columns)));
        }
        if (oneIn(3)) {
            plans.add(new Plan("grad_output", sameSize(type), random.nextBoolean() ? List.of() : List.of(1)));
        }
        if (oneIn(12)) {
            int at = random.nextInt(plans.size());
            Plan plan = plans.get(at);
            plans.set(
                    at,
                    switch (random.nextInt(4)) {
                        case 0 -> new Plan(plan.name() + "s", plan.type(), plan.shape());
                        case 1 -> new Plan(plan.name(), any(TYPES), plan.shape());
                        case 2 -> new Plan(plans.getFirst().name(), plan.type(), plan.shape());
                        default -> new Plan(plan.name(), plan.type(), List.of(random.nextInt(4), random.nextInt(4)));
                    });
        }
        java.util.Collections.shuffle(plans, random);
        return plans;
    }

    private String sameSize(String type) {
        return (random.nextBoolean() ? "<" : ">") + type.substring(1);
    }

    private static int product(List<Integer> shape) {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }

    // npz

    private byte[] npz() {
        Zip zip = new Zip();
        List<Plan> plans = plans();
        int classes = plans.stream()
                .filter(plan -> plan.name().equals("input") && plan.shape().size() == 2)
                .mapToInt(plan -> plan.shape().get(1))
                .findFirst()
                .orElse(1);
        for (Plan plan : plans) {
            if (oneIn(200)) {
                zip.raw(new byte[1 + random.nextInt(30)]);
            }
            zip.add(plan.name() + (oneIn(200) ? "" : ".npy"), array(plan, classes), any(Zip.How.values()));
        }
        return zip.build(oneIn(4));
    }

    private byte[] array(Plan plan, int classes) {
        String fortran = oneIn(4) ? "True" : "False";
        String shape = plan.shape()
                .toString()
                .replace("[", "(")
                .replace("]", plan.shape().size() == 1 ? ",)" : ")");
        String[] items = {"'descr': '" + plan.type() + "'", "'fortran_order': " + fortran, "'shape': " + shape};
        if (oneIn(10)) {
            java.util.Collections.shuffle(Arrays.asList(items), random);
        }
        String dict = "{" + String.join(oneIn(10) ? " ,\n" : ", ", items) + (oneIn(3) ? "}" : ", }");
        while (oneIn(12)) {
            dict = change(dict);
        }
        byte[] elements = elements(plan.type(), product(plan.shape()), classes);
        if (oneIn(60)) {
            elements = Arrays.copyOf(elements, Math.max(0, elements.length + random.nextInt(17) - 8));
        }
        byte[] array = Npy.array(oneIn(100) ? random.nextInt(6) : 1 + random.nextInt(3), dict, elements);
        return oneIn(60) ? change(array) : array;
    }

    private String change(String text) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(3));
        String some = oneIn(3) ? "" : "" + CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
        return text.substring(0, at) + some + text.substring(end);
    }

    // safetensors

    private byte[] safetensors() {
        List<Plan> plans = plans();
        List<byte[]> tensors = new ArrayList<>();
        List<String> members = new ArrayList<>();
        int at = 0;
        for (Plan plan : plans) {
            String type = plan.type().substring(plan.type().length() - 2);
            byte[] elements = elements("<" + type, product(plan.shape()), 3);
            int overlap = 0;
            if (oneIn(80)) {
                // a hole, or an overlap with the tensor before
                int gap = random.nextInt(-Math.min(at, elements.length), 9);
                overlap = Math.max(0, -gap);
                tensors.add(new byte[Math.max(0, gap)]);
                at += gap;
            }
            String dtype = type.toUpperCase(Locale.ROOT).replace("4", "32").replace("8", "64");
            String shape = plan.shape().toString().replace(" ", oneIn(5) ? " " : "");
            int end = at + elements.length;
            if (oneIn(60)) {
                end += random.nextInt(5) - 2;
            }
            members.add(Safetensors.member(plan.name(), dtype, shape, at, end));
            tensors.add(Arrays.copyOfRange(elements, overlap, elements.length));
            at += elements.length;
        }
        if (oneIn(4)) {
            members.add("'__metadata__':{'format':'pt'"
                    + (oneIn(3) ? ",'\\u00e9':'\\ud83d" + (oneIn(3) ? "" : "\\ude00") + "'" : "") + "}");
        }
        java.util.Collections.shuffle(members, random);
        String header = "{" + String.join(",", members) + "}" + " ".repeat(random.nextInt(8));
        while (oneIn(8)) {
            header = change(header);
        }
        return Safetensors.file(header, tensors.toArray(byte[][]::new));
    }

    // any bytes

    private byte[] change(byte[] bytes) {
        if (bytes.length < 16) {
            return new byte[random.nextInt(16)];
        }
        int at = random.nextInt(bytes.length - 8);
        // the interesting places of a zip file are at its end
        if (oneIn(3)) {
            at = bytes.length - 8 - random.nextInt(Math.min(200, bytes.length - 8));
        }
        byte[] changed = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        switch (random.nextInt(9)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) number;
            case 2 -> buffer.putShort(at, (short) number);
            case 3 -> buffer.putInt(at, (int) number);
            case 4 -> buffer.putLong(at, number);
            case 5 -> buffer.putInt(at, buffer.getInt(at) + random.nextInt(9) - 4);
            case 6 -> changed = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 7 -> changed = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(30));
            default -> {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(Math.min(40, bytes.length - from) + 1);
                byte[] cut = new String(bytes, from, length, StandardCharsets.ISO_8859_1)
                        .getBytes(StandardCharsets.ISO_8859_1);
                boolean insert = random.nextBoolean();
                ByteBuffer spliced = ByteBuffer.allocate(bytes.length + (insert ? cut.length : -cut.length));
                if (insert) {
                    spliced.put(bytes, 0, at).put(cut).put(bytes, at, bytes.length - at);
                } else {
                    spliced.put(bytes, 0, from).put(bytes, from + length, bytes.length - from - length);
                }
                changed = new byte[spliced.capacity()];
                spliced.flip().get(changed);
            }
        }
        return changed;
    }
}
