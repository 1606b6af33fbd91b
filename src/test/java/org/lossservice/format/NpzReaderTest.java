package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.Shape;

class NpzReaderTest {

    private static final byte[] SCORES = Npy.floats(1, -2, 3, 0.5f, 1.4e-45f, -0f);
    private static final byte[] INPUT = Npy.array("<f4", "(2, 3)", SCORES);
    private static final byte[] LABEL = Npy.array("<i8", "(2,)", Npy.longs(2, 0));

    private static Reading.Tensors read(byte[] body) {
        return Reading.read(TensorFormat.NPZ, body);
    }

    private static byte[] npz(byte[] input, byte[] label) {
        return new Zip().add("input", input).add("label", label).build();
    }

    private static void requireExample(Reading.Tensors tensors) {
        assertThat(tensors.input().shape()).isEqualTo(Shape.matrix(2, 3));
        assertThat(Npy.floats(((Float32Tensor) tensors.input()).array())).isEqualTo(SCORES);
        assertThat(tensors.label().array()).containsExactly(2, 0);
    }

    @ParameterizedTest
    @EnumSource
    void everyWayToWriteAnEntry(Zip.How how) {
        Zip zip = new Zip().add("input.npy", INPUT, how).add("label.npy", LABEL, how);
        requireExample(read(zip.build()));
    }

    @ParameterizedTest
    @EnumSource
    void everyWayToWriteAnEntryWithTheEndOfZip64(Zip.How how) {
        Zip zip = new Zip().add("label.npy", LABEL, Zip.How.STORED).add("input.npy", INPUT, how);
        requireExample(read(zip.build(true)));
    }

    @Test
    void bytesAfterTheBodyInItsArrayAreNotLookedAt() {
        byte[] body = npz(INPUT, LABEL);
        Faults faults = new Faults();
        TensorFile file = TensorFormat.NPZ.read(
                Arrays.copyOf(body, body.length + 100), body.length, Reading.names(faults), Reading.LIMITS, true);
        assertThat(file.length("input", 2)).isEqualTo(2);
        assertThat(faults.total()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void versionsOfNpy(int version) {
        byte[] input = Npy.array(version, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", SCORES);
        requireExample(read(npz(input, LABEL)));
    }

    /** Headers that other writers of npy are known to write, or that Python reads as the same dict. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
                "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2, 3), }",
                "{'shape':(2,3,),'fortran_order':False,'descr':'<f4'}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
                "{ 'descr' :\t'<f4' ,\n 'fortran_order' : False , 'shape' : ( 2 , 3 ) , }",
            })
    void spellingsOfTheHeader(String dict) {
        requireExample(read(npz(Npy.array(1, dict, SCORES), LABEL)));
    }

    @Test
    void headerOfAnOddLength() {
        byte[] dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}".getBytes(StandardCharsets.US_ASCII);
        byte[] input = new byte[10 + dict.length + SCORES.length];
        System.arraycopy(INPUT, 0, input, 0, 8);
        input[8] = (byte) dict.length;
        System.arraycopy(dict, 0, input, 10, dict.length);
        System.arraycopy(SCORES, 0, input, 10 + dict.length, SCORES.length);
        requireExample(read(npz(input, LABEL)));
        requireExample(read(new Zip()
                .add("input.npy", input, Zip.How.DEFLATED)
                .add("label", LABEL)
                .build()));
    }

    static Stream<Arguments> encodings() {
        double[] d = {0.1, -2, 3, 0.5, 1.0E-320, -0.0};
        float[] f = {0.1f, -2, 3, 0.5f, 1.4e-45f, -0f};
        return Stream.of(
                Arguments.of("<f4", Npy.floats(f), DType.FLOAT32),
                Arguments.of(">f4", Npy.floats(ByteOrder.BIG_ENDIAN, f), DType.FLOAT32),
                Arguments.of("<f8", Npy.doubles(d), DType.FLOAT64),
                Arguments.of(">f8", Npy.doubles(ByteOrder.BIG_ENDIAN, d), DType.FLOAT64));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void typesAndOrders(String descr, byte[] elements, DType dtype) {
        Reading.Tensors tensors = read(npz(Npy.array(descr, "(2, 3)", elements), LABEL));
        assertThat(tensors.input().dtype()).isEqualTo(dtype);
        byte[] actual = switch (tensors.input()) {
            case Float32Tensor floats -> Npy.floats(order(descr), floats.array());
            case Float64Tensor doubles -> Npy.doubles(order(descr), doubles.array());
        };
        assertThat(actual).isEqualTo(elements);

        String fortran = "{'descr': '" + descr + "', 'fortran_order': True, 'shape': (3, 2), }";
        tensors = read(npz(Npy.array(1, fortran, elements), Npy.array("<i4", "(3,)", Npy.ints(0, 0, 0))));
        assertThat(tensors.input().shape()).isEqualTo(Shape.matrix(3, 2));
        double[] expected = {0.1, 0.5, -2, 0, 3, 0};
        for (int i = 0; i < expected.length; i++) {
            assertThat(tensors.input().get(i)).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-7));
        }
    }

    private static ByteOrder order(String descr) {
        return descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** More elements than a block holds, so that transposing goes on from block to block. */
    @ParameterizedTest
    @EnumSource(names = {"STORED", "DEFLATED"})
    void transposesAcrossBlocks(Zip.How how) {
        int rows = 257;
        int columns = 131;
        float[] columnMajor = new float[rows * columns];
        for (int i = 0; i < columnMajor.length; i++) {
            columnMajor[i] = i % rows * columns + i / rows;
        }
        String dict = "{'descr': '<f4', 'fortran_order': True, 'shape': (257, 131), }";
        byte[] body = new Zip()
                .add("input.npy", Npy.array(1, dict, Npy.floats(columnMajor)), how)
                .add("label", Npy.array("<i4", "(257,)", new byte[4 * rows]))
                .build();
        Reading.Tensors tensors =
                Reading.read(TensorFormat.NPZ, body, new TensorLimits(1 << 20, 1 << 20, size -> {}, () -> {}), true);
        for (int i = 0; i < columnMajor.length; i++) {
            assertThat(tensors.input().get(i)).isEqualTo(i);
        }
    }

    /** Little may inflate to much, so others must be let go on, and the time looked at. */
    @Test
    void inflatingPassesCheckpoints() {
        byte[] body = new Zip()
                .add("input.npy", Npy.array("<f4", "(1024, 128)", new byte[1 << 19]), Zip.How.DEFLATED)
                .add("label.npy", Npy.array("<i4", "(1024,)", new byte[1 << 12]), Zip.How.STORED)
                .build();
        AtomicInteger checkpoints = new AtomicInteger();
        Runnable third = () -> {
            if (checkpoints.incrementAndGet() == 3) {
                throw new IllegalStateException("over");
            }
        };
        TensorLimits limits = new TensorLimits(1 << 20, 1 << 20, size -> {}, third);
        assertThatThrownBy(() -> Reading.read(TensorFormat.NPZ, body, limits, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("over");
        checkpoints.set(3);
        assertThat(Reading.read(TensorFormat.NPZ, body, limits, true)
                        .input()
                        .shape()
                        .elements())
                .isEqualTo(1 << 17);
        assertThat(checkpoints.get() - 3).isEqualTo((1 << 19) / TensorBytes.BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"<i4, 4", ">i4, 4", "<i8, 8", ">i8, 8"})
    void labels(String descr, int size) {
        byte[] elements = size == 4 ? Npy.ints(order(descr), 2, 0) : Npy.longs(order(descr), 2, 0);
        assertThat(read(npz(INPUT, Npy.array(descr, "(2,)", elements))).label().array())
                .containsExactly(2, 0);
    }

    @Test
    void scalarAndVectorTensors() {
        byte[] body = new Zip()
                .add("grad_output", Npy.array("<f4", "()", Npy.floats(2)))
                .add(
                        "weight",
                        Npy.array(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (3,), }", Npy.floats(1, 2, 3)))
                .add("input", INPUT)
                .add("label", LABEL)
                .build();
        Reading.Tensors tensors = read(body);
        assertThat(tensors.gradOutput().shape()).isEqualTo(Shape.scalar());
        assertThat(tensors.gradOutput().get(0)).isEqualTo(2);
        assertThat(((Float32Tensor) tensors.weight()).array()).containsExactly(1, 2, 3);
    }

    // what is refused

    record Refusal(String what, FaultCode code, String tensor, String detail, Supplier<byte[]> body) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Refusal header(String dict, FaultCode code, String detail) {
        return new Refusal(dict, code, "input", detail, () -> npz(Npy.array(1, dict, SCORES), LABEL));
    }

    private static Refusal malformedHeader(String dict) {
        return header(dict, FaultCode.MALFORMED_NPZ, "entry \"input.npy\"");
    }

    private static Refusal type(String descr, int bytes, String named) {
        return new Refusal(
                descr,
                FaultCode.WRONG_DTYPE,
                "input",
                named,
                () -> npz(Npy.array(descr, "(2, 3)", new byte[6 * bytes]), LABEL));
    }

    private static Refusal shape(String shape, int elements, FaultCode code, String detail) {
        return new Refusal(
                shape, code, "input", detail, () -> npz(Npy.array("<f4", shape, new byte[4 * elements]), LABEL));
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                type("<f2", 2, "float16"),
                type("|V2", 2, "bfloat16"),
                type("bfloat16", 2, "\"bfloat16\""),
                type("|u1", 1, "unsigned uint8"),
                type("<u4", 4, "unsigned uint32"),
                type("<i4", 4, "int32"),
                type("|b1", 1, "bool"),
                type("<c8", 8, "complex"),
                type("<f16", 16, "long double"),
                type("|O", 8, "objects"),
                type("<U1", 4, "text"),
                type("<M8[s]", 8, "dates"),
                type("f4", 4, "float32 (\"f4\", which says no byte order as <f4 does)"),
                type("=f4", 4, "no byte order as <f4 does); float32 and float64 work"),
                type("", 4, "structured"),
                header(
                        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }",
                        FaultCode.WRONG_DTYPE,
                        "structured"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}"),
                malformedHeader("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}"),
                malformedHeader("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': Falsely, 'shape': (2, 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3], }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (6), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (,), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (02, 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3.0), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (1+1, 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2 L, 3), }"),
                malformedHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } {}"),
                malformedHeader("{'descr': '<\\x66\\x34', 'fortran_order': False, 'shape': (2, 3), }"),
                malformedHeader("{'descr': '<f4, 'fortran_order': False, 'shape': (2, 3), }"),
                malformedHeader("{'descr': '<f4'"),
                malformedHeader("__import__('os').system('true')"),
                malformedHeader(""),
                header("{" + " ".repeat(10_000) + "}", FaultCode.TOO_LARGE, "the limit is 10000"),
                header(
                        "{'shape': (" + "1,".repeat(65) + "),'descr':'<f4','fortran_order':False}",
                        FaultCode.MALFORMED_NPZ,
                        "dimensions"),
                shape("(2, 4)", 6, FaultCode.MALFORMED_NPZ, "takes 32 bytes, but there are 24"),
                shape("(2, 2)", 6, FaultCode.MALFORMED_NPZ, "takes 16 bytes, but there are 24"),
                shape("()", 0, FaultCode.MALFORMED_NPZ, "takes 4 bytes, but there are 0"),
                shape("(4611686018427387904, 4)", 0, FaultCode.MALFORMED_NPZ, "beyond 2^31 - 1"),
                shape("(4294967296, 4294967296)", 0, FaultCode.MALFORMED_NPZ, "beyond 2^31 - 1"),
                shape("(2147483647, 2147483647, 4)", 1, FaultCode.MALFORMED_NPZ, "beyond 2^31 - 1"),
                shape("(99999999999999999999, 1)", 0, FaultCode.MALFORMED_NPZ, "beyond 2^31 - 1"),
                shape("(6,)", 6, FaultCode.WRONG_SHAPE, "[1, C]"),
                shape("()", 1, FaultCode.WRONG_SHAPE, "two dimensions"),
                shape("(1, 2, 3)", 6, FaultCode.WRONG_SHAPE, "[1, 2, 3]"),
                shape("(0, 3)", 0, FaultCode.WRONG_SHAPE, "at least one row"),
                shape("(3, 0)", 0, FaultCode.WRONG_SHAPE, "at least one row"),
                shape("(1, 1001)", 1001, FaultCode.TOO_LARGE, "1001 elements, the limit is 1000"));
    }

    @ParameterizedTest
    @MethodSource
    void refusals(Refusal refusal) {
        Fault fault = Reading.faults(TensorFormat.NPZ, refusal.body().get()).getFirst();
        assertThat(fault.code()).isEqualTo(refusal.code());
        assertThat(fault.detail()).contains(refusal.detail());
        if (fault.code().category() == FaultCode.Category.INVALID) {
            assertThat(fault.name()).isEqualTo(refusal.tensor());
        }
    }

    @ParameterizedTest
    @CsvSource({"<f4, float32", "<u8, unsigned uint64", "<i2, int16"})
    void typesOfLabels(String descr, String named) {
        byte[] label = Npy.array(descr, "(2,)", new byte[2 * (descr.charAt(2) - '0')]);
        Fault fault = Reading.faults(TensorFormat.NPZ, npz(INPUT, label)).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.WRONG_DTYPE);
        assertThat(fault.name()).isEqualTo("label");
        assertThat(fault.detail()).contains(named).contains("int32 and int64 work");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
    void labelOutOfRange(long label) {
        List<Fault> faults =
                Reading.faults(TensorFormat.NPZ, npz(INPUT, Npy.array("<i8", "(2,)", Npy.longs(1, label))));
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().code()).isEqualTo(FaultCode.OUT_OF_RANGE);
        assertThat(faults.getFirst().name()).isEqualTo("label");
        assertThat(faults.getFirst().index()).containsExactly(1);
        assertThat(faults.getFirst().detail()).contains(label + " is not in [0, 3)");
    }

    @Test
    void everyElementThatIsNotFiniteIsNamed() {
        byte[] scores = Npy.floats(1, Float.NaN, 2, 3, 4, Float.NEGATIVE_INFINITY);
        byte[] body = npz(Npy.array("<f4", "(2, 3)", scores), LABEL);
        List<Fault> faults = Reading.faults(TensorFormat.NPZ, body);
        assertThat(faults).extracting(Fault::code).containsOnly(FaultCode.NOT_FINITE);
        assertThat(faults).extracting(Fault::index).containsExactly(List.of(0, 1), List.of(1, 2));
        assertThat(Reading.read(TensorFormat.NPZ, body, Reading.LIMITS, false)
                        .input()
                        .get(1))
                .isNaN();
    }

    @Test
    void namesOfTensors() {
        byte[] body = new Zip()
                .add("input", INPUT)
                .add("labels", LABEL)
                .add("label", Npy.array("<i4", "(2,)", Npy.ints(0, 7)))
                .add("input", INPUT)
                .add("weight.NPY", INPUT, Zip.How.STORED)
                .add("../label", LABEL)
                .add("x".repeat(100), LABEL)
                .add("arr_0", LABEL)
                .build();
        List<Fault> faults = Reading.faults(TensorFormat.NPZ, body);
        assertThat(faults)
                .extracting(fault -> fault.code() + " " + fault.name())
                .containsExactly(
                        "unknown_field labels",
                        "duplicate_field input",
                        "unknown_field weight.NPY",
                        "unknown_field ../label",
                        "unknown_field null",
                        "unknown_field arr_0",
                        "out_of_range label");
        assertThat(faults.getFirst().detail()).contains("did you mean label?");
        assertThat(faults.get(5).detail())
                .isEqualTo(
                        "unknown tensor \"arr_0\"; numpy names arrays by their keywords: np.savez(file, input=…, label=…)");
    }

    @Test
    void missingTensors() {
        assertThat(Reading.faults(TensorFormat.NPZ, new Zip().build()))
                .extracting(fault -> fault.code() + " " + fault.name())
                .containsExactly("missing_field input", "missing_field label");
    }
}
