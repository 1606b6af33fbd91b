package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;

/** What is wrong with a zip file, one thing at a time. */
class ZipDirectoryTest {

    private static final byte[] INPUT = Npy.array("<f4", "(2, 3)", Npy.floats(1, 2, 3, 4, 5, 6));
    private static final byte[] LABEL = Npy.array("<i4", "(2,)", Npy.ints(0, 1));

    record Spoiled(String what, String detail, Supplier<byte[]> body) {
        @Override
        public String toString() {
            return what;
        }
    }

    /** Changes some bytes of a built file. */
    @FunctionalInterface
    private interface Change {
        void make(ByteBuffer bytes, Zip zip);
    }

    private static Spoiled changed(String what, String detail, Zip.How how, Change change) {
        return new Spoiled(what, detail, () -> {
            Zip zip = new Zip().add("input.npy", INPUT, how).add("label", LABEL);
            byte[] body = zip.build();
            change.make(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN), zip);
            return body;
        });
    }

    private static Spoiled changed(String what, String detail, Change change) {
        return changed(what, detail, Zip.How.STORED, change);
    }

    private static Spoiled changed64(String what, String detail, Change change) {
        return new Spoiled(what, detail, () -> {
            Zip zip = new Zip().add("input", INPUT).add("label", LABEL);
            byte[] body = zip.build(true);
            change.make(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN), zip);
            return body;
        });
    }

    private static Spoiled packed(String what, String detail, int size, byte[] packed) {
        return new Spoiled(
                what,
                detail,
                () -> new Zip()
                        .add("input.npy", Arrays.copyOf(INPUT, size), packed, 8, Zip.How.STORED)
                        .add("label", LABEL)
                        .build());
    }

    private static int end(ByteBuffer bytes) {
        return bytes.capacity() - 22;
    }

    private static byte[] with(byte[] bytes, byte... more) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, longer, bytes.length, more.length);
        return longer;
    }

    static Stream<Spoiled> spoiled() {
        byte[] deflated = Zip.deflate(INPUT);
        byte[] raw = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
        return Stream.of(
                changed("encrypted", "encrypted", (b, z) -> {
                    b.put(z.local(0) + 6, (byte) 1);
                    b.put(z.central(0) + 8, (byte) 1);
                }),
                changed("flags not known", "flags", (b, z) -> {
                    b.put(z.local(0) + 6, (byte) 32);
                    b.put(z.central(0) + 8, (byte) 32);
                }),
                changed("bzip2", "method 12", (b, z) -> {
                    b.put(z.local(0) + 8, (byte) 12);
                    b.put(z.central(0) + 10, (byte) 12);
                }),
                changed("flags differ", "contradict", (b, z) -> b.put(z.local(0) + 6, (byte) 2)),
                changed("methods differ", "contradict", (b, z) -> b.put(z.local(0) + 8, (byte) 8)),
                changed(
                        "CRCs differ",
                        "contradict",
                        (b, z) -> b.put(z.local(0) + 14, (byte) (b.get(z.local(0) + 14) + 1))),
                changed("packed sizes differ", "contradict", (b, z) -> b.putInt(z.local(0) + 18, 1)),
                changed("sizes differ", "contradict", (b, z) -> b.putInt(z.local(0) + 22, 1)),
                changed("names differ", "contradict", (b, z) -> b.put(z.local(0) + 30, (byte) 'I')),
                changed("data spoiled", "CRC-32", (b, z) -> b.put(z.local(1) - 1, (byte) 99)),
                changed("header's padding spoiled", "CRC-32", (b, z) -> b.put(z.local(1) - 30, (byte) '\t')),
                changed(
                        "deflated data spoiled",
                        "entry \"input.npy\"",
                        Zip.How.DEFLATED,
                        (b, z) -> b.put(z.local(1) - 3, (byte) 99)),
                changed("local signature", "no header", (b, z) -> b.put(z.local(1), (byte) 'X')),
                changed("central signature", "cut short", (b, z) -> b.put(z.central(1), (byte) 'X')),
                changed("end signature", "does not end", (b, z) -> b.put(end(b), (byte) 'X')),
                changed("one entry missing", "bytes follow", (b, z) -> b.putInt(end(b) + 8, 0x00010001)),
                changed("one entry too many", "cut short", (b, z) -> b.putInt(end(b) + 8, 0x00030003)),
                changed("two counts", "split", (b, z) -> b.putShort(end(b) + 8, (short) 1)),
                changed("second disk", "split", (b, z) -> b.put(end(b) + 4, (byte) 1)),
                changed("entry on second disk", "split", (b, z) -> b.put(z.central(0) + 34, (byte) 1)),
                changed("directory later", "not where", (b, z) -> b.putInt(end(b) + 16, z.central(0) + 1)),
                changed("directory longer", "not where", (b, z) -> b.putInt(end(b) + 12, 4711)),
                changed("comment", "does not end", (b, z) -> b.put(end(b) + 20, (byte) 1)),
                changed("same place", "overlap", (b, z) -> b.putInt(z.central(1) + 42, 0)),
                changed("swapped places", "contradict", (b, z) -> {
                    b.putInt(z.central(0) + 42, z.local(1));
                    b.putInt(z.central(1) + 42, 0);
                }),
                changed("longer than the file", "longer than the file", (b, z) -> {
                    b.putInt(z.local(0) + 18, 100_000).putInt(z.local(0) + 22, 100_000);
                    b.putInt(z.central(0) + 20, 100_000).putInt(z.central(0) + 24, 100_000);
                }),
                changed("over the next", "overlap", (b, z) -> {
                    int size = INPUT.length + 8;
                    b.putInt(z.local(0) + 18, size).putInt(z.local(0) + 22, size);
                    b.putInt(z.central(0) + 20, size).putInt(z.central(0) + 24, size);
                }),
                changed("stored with two sizes", "two sizes", (b, z) -> {
                    b.putInt(z.local(0) + 22, INPUT.length + 8);
                    b.putInt(z.central(0) + 24, INPUT.length + 8);
                }),
                changed("name over the end", "cut short", (b, z) -> b.putShort(z.local(1) + 26, (short) 60_000)),
                changed(
                        "central name over the end",
                        "cut short",
                        (b, z) -> b.putShort(z.central(1) + 28, (short) 60_000)),
                changed(
                        "central comment over the end",
                        "cut short",
                        (b, z) -> b.putShort(z.central(1) + 32, (short) 1)),
                changed("descriptor's CRC", "descriptor", Zip.How.DESCRIBED, (b, z) -> b.putInt(z.local(1) - 12, 0)),
                changed(
                        "descriptor's signature",
                        "descriptor",
                        Zip.How.DESCRIBED,
                        (b, z) -> b.putInt(z.local(1) - 16, 0)),
                changed(
                        "descriptor's packed size",
                        "descriptor",
                        Zip.How.DESCRIBED_WIDE,
                        (b, z) -> b.putLong(z.local(1) - 16, 7)),
                changed(
                        "descriptor's size",
                        "descriptor",
                        Zip.How.DESCRIBED_UNSIGNED,
                        (b, z) -> b.putInt(z.local(1) - 4, 7)),
                changed(
                        "descriptor cut short",
                        "descriptor",
                        Zip.How.DESCRIBED,
                        (b, z) -> b.putInt(z.central(0) + 20, INPUT.length - 1)
                                .putInt(z.central(0) + 24, INPUT.length - 1)),
                changed("zip64 field missing", "zip64", (b, z) -> b.putInt(z.central(0) + 24, -1)),
                changed(
                        "zip64 field of another size",
                        "contradict",
                        Zip.How.WIDE,
                        (b, z) -> b.put(z.central(0) + 46 + 9 + 4, (byte) 1)),
                changed("zip64 field renamed", "zip64", Zip.How.WIDE, (b, z) -> b.put(z.central(0) + 46 + 9, (byte) 2)),
                changed(
                        "zip64 field too long",
                        "extra field",
                        Zip.How.WIDE,
                        (b, z) -> b.put(z.central(0) + 46 + 9 + 2, (byte) 25)),
                changed(
                        "second name",
                        "two names",
                        Zip.How.WIDE,
                        (b, z) -> b.putShort(z.central(0) + 46 + 9, (short) 0x7075)),
                changed64("zip64 end of another count", "contradict", (b, z) -> b.put(end(b) - 76 + 24, (byte) 1)),
                changed64("zip64 end of another size", "not where", (b, z) -> b.putLong(end(b) - 76 + 40, 1)),
                changed64(
                        "zip64 directory far away", "not where", (b, z) -> b.putLong(end(b) - 76 + 48, Long.MAX_VALUE)),
                changed64("zip64 end signature", "not where", (b, z) -> b.put(end(b) - 76, (byte) 'X')),
                changed64("zip64 locator signature", "not where", (b, z) -> b.put(end(b) - 20, (byte) 'X')),
                changed64("zip64 locator elsewhere", "contradict", (b, z) -> b.putLong(end(b) - 12, 1)),
                changed64("zip64 end longer", "contradict", (b, z) -> b.putLong(end(b) - 76 + 4, 45)),
                changed64("two ends contradict", "contradict", (b, z) -> b.putInt(end(b) + 12, 1)),
                new Spoiled(
                        "bytes in front",
                        "between",
                        () -> new Zip()
                                .raw((byte) 1)
                                .add("input", INPUT)
                                .add("label", LABEL)
                                .build()),
                new Spoiled(
                        "hole",
                        "between",
                        () -> new Zip()
                                .add("input", INPUT)
                                .raw((byte) 1)
                                .add("label", LABEL)
                                .build()),
                new Spoiled(
                        "hole at the end",
                        "between",
                        () -> new Zip()
                                .add("input", INPUT)
                                .add("label", LABEL)
                                .raw((byte) 1)
                                .build()),
                new Spoiled(
                        "bytes behind",
                        "does not end",
                        () -> with(new Zip().add("input", INPUT).build(), (byte) 0)),
                new Spoiled("a single npy", "numpy.savez", () -> INPUT),
                new Spoiled("text", "does not end", () -> new byte[100]),
                new Spoiled(
                        "an entry that is no npy",
                        "no npy",
                        () -> new Zip().add("input", new byte[100]).build()),
                new Spoiled(
                        "an empty entry",
                        "no npy",
                        () -> new Zip().add("input", new byte[0]).build()),
                new Spoiled(
                        "an npy cut short",
                        "cut short",
                        () -> new Zip().add("input", Arrays.copyOf(INPUT, 11)).build()),
                new Spoiled(
                        "npy 4.0",
                        "version 4.0",
                        () -> new Zip().add("input", Npy.array(4, "{}", raw)).build()),
                packed(
                        "deflated data cut short",
                        "cut short",
                        INPUT.length,
                        Arrays.copyOf(deflated, deflated.length - 1)),
                packed("deflated data goes on", "goes on", INPUT.length, with(deflated, (byte) 0)),
                packed(
                        "inflates to less",
                        "fewer bytes",
                        INPUT.length,
                        Zip.deflate(Arrays.copyOf(INPUT, INPUT.length - 4))),
                packed("inflates to more", "more bytes", INPUT.length, Zip.deflate(with(INPUT, (byte) 0))),
                packed("no deflated data", "not deflated", INPUT.length, raw),
                packed("nothing", "cut short", INPUT.length, new byte[0]));
    }

    @ParameterizedTest
    @MethodSource
    void spoiled(Spoiled spoiled) {
        Fault fault = Reading.faults(TensorFormat.NPZ, spoiled.body().get()).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_NPZ);
        assertThat(fault.detail()).contains(spoiled.detail());
        assertThat(fault.offset()).isBetween(0L, (long) spoiled.body().get().length);
    }

    @Test
    void aSingleNpyIsWrongFromItsFirstByteOn() {
        Fault fault = Reading.faults(TensorFormat.NPZ, INPUT).getFirst();
        assertThat(fault.detail()).startsWith("this is a single npy array");
        assertThat(fault.offset()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void truncatedAtEveryByte(Zip.How how) {
        for (boolean wide : new boolean[] {false, true}) {
            byte[] body = new Zip()
                    .add("input.npy", INPUT, how)
                    .add("label.npy", LABEL, how)
                    .build(wide);
            for (int length = 0; length < body.length; length++) {
                Fault fault = Reading.faults(TensorFormat.NPZ, Arrays.copyOf(body, length))
                        .getFirst();
                assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_NPZ);
            }
        }
    }

    /** A kilobyte that says it inflates to a gigabyte is refused by what it says, and believed no further. */
    @Test
    void bombs() {
        byte[] zeros = Zip.deflate(new byte[1 << 20]);
        Zip zip = new Zip().add("input.npy", INPUT, zeros, 8, Zip.How.STORED);
        ByteBuffer body = ByteBuffer.wrap(zip.build()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Reading.faults(TensorFormat.NPZ, body.array()).getFirst().code())
                .isEqualTo(FaultCode.MALFORMED_NPZ);
        body.putInt(22, 1 << 30).putInt(zip.central(0) + 24, 1 << 30);
        Fault fault = Reading.faults(TensorFormat.NPZ, body.array()).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.TOO_LARGE);
        assertThat(fault.detail()).contains("1073741824 bytes, the limit is 1048576 (loss.limits.tensor-body)");
    }

    @Test
    void entriesAreAllOfTheSum() {
        Zip zip = new Zip();
        for (int i = 0; i < 3; i++) {
            zip.add("x" + i + ".npy", new byte[400_000], Zip.How.DEFLATED);
        }
        assertThat(Reading.faults(TensorFormat.NPZ, zip.build()).getFirst().detail())
                .contains("1200000 bytes, the limit is 1048576");
    }

    @Test
    void tooManyEntries() {
        Zip zip = new Zip();
        for (int i = 0; i <= ZipEnd.MOST_ENTRIES; i++) {
            zip.add("x" + i, new byte[0]);
        }
        Fault fault = Reading.faults(TensorFormat.NPZ, zip.build()).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.TOO_LARGE);
        assertThat(fault.detail()).contains("1001 entries, the limit is 1000");
    }
}
