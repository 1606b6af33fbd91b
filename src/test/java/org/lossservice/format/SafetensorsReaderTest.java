package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lossservice.format.Safetensors.file;
import static org.lossservice.format.Safetensors.member;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Float32Tensor;
import org.lossservice.tensor.Float64Tensor;
import org.lossservice.tensor.Shape;

class SafetensorsReaderTest {

    private static final byte[] SCORES = Npy.floats(1, -2, 3, 0.5f, 1.4e-45f, -0f);
    private static final byte[] LABELS = Npy.longs(2, 0);
    private static final String INPUT = member("input", "F32", "[2,3]", 0, 24);
    private static final String LABEL = member("label", "I64", "[2]", 24, 40);

    private static void requireExample(byte[] body) {
        Reading.Tensors tensors = Reading.read(TensorFormat.SAFETENSORS, body);
        assertThat(tensors.input().shape()).isEqualTo(Shape.matrix(2, 3));
        assertThat(Npy.floats(((Float32Tensor) tensors.input()).array())).isEqualTo(SCORES);
        assertThat(tensors.label().array()).containsExactly(2, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%i,%l}",
                "{%l,%i}",
                "{%i,%l}       ",
                "{'__metadata__':{},%i,%l}",
                "{%i,'__metadata__':{'format':'pt','a':'\\ud83d\\ude00'},%l}",
                "{ %i , %l }",
                "{'input':{'data_offsets':[0,24],'shape':[2,3],'dtype':'F32'},%l}",
                "{'inp\\u0075t':{'data_offsets':[0,24],'shape':[2,3],'dtype':'F32'},%l}",
            })
    void headers(String header) {
        requireExample(file(header.replace("%i", INPUT).replace("%l", LABEL), SCORES, LABELS));
    }

    @Test
    void tensorsInAnyOrder() {
        requireExample(file(
                "{" + member("input", "F32", "[2,3]", 20, 44) + ","
                        + member("grad_output", "F32", "[]", 0, 4) + ","
                        + member("label", "I64", "[2]", 4, 20) + "}",
                Npy.floats(3),
                LABELS,
                SCORES));
    }

    @Test
    void float64AndInt32() {
        byte[] doubles = Npy.doubles(0.1, 1.0E-320, -0.0, 4, 5, 6);
        byte[] body = file(
                "{" + member("input", "F64", "[3,2]", 0, 48) + "," + member("label", "I32", "[3]", 48, 60) + ","
                        + member("weight", "F64", "[2]", 60, 76) + "}",
                doubles,
                Npy.ints(1, 0, 1),
                Npy.doubles(7, 8));
        Reading.Tensors tensors = Reading.read(TensorFormat.SAFETENSORS, body);
        assertThat(tensors.input().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Npy.doubles(((Float64Tensor) tensors.input()).array())).isEqualTo(doubles);
        assertThat(tensors.label().array()).containsExactly(1, 0, 1);
        assertThat(((Float64Tensor) tensors.weight()).array()).containsExactly(7, 8);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("[]", "does not start with {"),
                Arguments.of("", "does not start with {"),
                Arguments.of(" {%i,%l}", "does not start with {"),
                Arguments.of("{%i,%l}\n", "bytes follow the end"),
                Arguments.of("{%i,%l}}", "bytes follow the end"),
                Arguments.of("{%i,%l", "is not JSON"),
                Arguments.of("{%i,%l,}", "is not JSON"),
                Arguments.of("{%i,%l,'x':1}", "\"x\" is no object"),
                Arguments.of("{%i,%l,'__metadata__':{'a':1}}", "no string"),
                Arguments.of("{%i,%l,'__metadata__':{'a':{}}}", "no string"),
                Arguments.of("{%i,%l,'__metadata__':[]}", "no object"),
                Arguments.of("{%i,%l,'__metadata__':{'a':'1','a':'2'}}", "stands twice"),
                Arguments.of("{'__metadata__':{},%i,%l,'__metadata__':{}}", "stands twice"),
                Arguments.of("{%i,%l,'__metadata__':{'a':'\\ud83d'}}", "surrogate"),
                Arguments.of("{%i,%l,'\\ude00':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}}", "not JSON"),
                Arguments.of("{\0%i,%l}", "is not JSON in UTF-8"),
                Arguments.of("{%i,%l,'__metadata__':{'\\ude00':''}}", "safetensors header"),
                Arguments.of("{'input':{},%l}", "lacks"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3]},%l}", "lacks"),
                Arguments.of("{'input':{'dtype':'F32','data_offsets':[0,24]},%l}", "lacks"),
                Arguments.of("{'input':{'shape':[2,3],'data_offsets':[0,24]},%l}", "lacks"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24,24]},%l}", "lacks"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[24]},%l}", "lacks"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24],'x':1},%l}", "unknown key"),
                Arguments.of("{'input':{'dtype':'F32','dtype':'F32','shape':[2,3],'data_offsets':[0,24]},%l}", "twice"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'shape':[2,3],'data_offsets':[0,24]},%l}", "twice"),
                Arguments.of(
                        "{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24],'data_offsets':[0,24]},%l}",
                        "twice"),
                Arguments.of("{'input':{'dtype':32,'shape':[2,3],'data_offsets':[0,24]},%l}", "dtype is no string"),
                Arguments.of("{'input':{'dtype':'F32','shape':'2,3','data_offsets':[0,24]},%l}", "no array"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2.0,3],'data_offsets':[0,24]},%l}", "no number of"),
                Arguments.of("{'input':{'dtype':'F32','shape':[-2,-3],'data_offsets':[0,24]},%l}", "no number of"),
                Arguments.of("{'input':{'dtype':'F32','shape':[-0],'data_offsets':[0,24]},%l}", "no number of"),
                Arguments.of("{'input':{'dtype':'F32','shape':[[2],3],'data_offsets':[0,24]},%l}", "no number of"),
                Arguments.of(
                        "{'input':{'dtype':'F32','shape':[2,99999999999999999999],'data_offsets':[0,24]},%l}",
                        "no number of"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[24,0]},%l}", "swapped"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,23]},%l}", "start at 24"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,25]},%l}", "start at 24"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[1,24]},%l}", "start at 1"),
                Arguments.of("{'input':{'dtype':'F32','shape':[2,3],'data_offsets':[0,40]},%l}", "start at 24"),
                Arguments.of("{%l}", "start at 24"),
                Arguments.of("{%i}", "take 24 bytes, but 40 follow"),
                Arguments.of("{}", "take 0 bytes, but 40 follow"),
                Arguments.of(
                        "{%i,'label':{'dtype':'I64','shape':[2],'data_offsets':[24,9223372036854775807]}}",
                        "take 9223372036854775807 bytes"),
                Arguments.of(
                        "{'input':{'dtype':'F32','shape':[2,4],'data_offsets':[0,24]},%l}",
                        "takes 32 bytes, but there are 24"),
                Arguments.of(
                        "{'input':{'dtype':'F64','shape':[2,3],'data_offsets':[0,24]},%l}",
                        "takes 48 bytes, but there are 24"),
                Arguments.of(
                        "{'input':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,24]},%l}",
                        "beyond 2^31 - 1"),
                Arguments.of("{'inp\\u0000':NaN}", "is not JSON"),
                Arguments.of("{%i,%l,'\u00e9':{}}x", "lacks"));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String header, String detail) {
        byte[] body = file(header.replace("%i", INPUT).replace("%l", LABEL), SCORES, LABELS);
        Fault fault = Reading.faults(TensorFormat.SAFETENSORS, body).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_SAFETENSORS);
        assertThat(fault.detail()).contains(detail);
        assertThat(fault.offset()).isBetween(0L, (long) body.length);
    }

    @Test
    void headerThatIsNotUtf8() {
        byte[] body = file("{'__metadata__':{'a':'x'}," + INPUT + "," + LABEL + "}", SCORES, LABELS);
        body[8 + "{'__metadata__':{'a':'".length()] = (byte) 0xC0;
        Fault fault = Reading.faults(TensorFormat.SAFETENSORS, body).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_SAFETENSORS);
        assertThat(fault.offset()).isEqualTo(8 + "{'__metadata__':{'a':'".length());
    }

    @Test
    void truncatedAtEveryByte() {
        byte[] body = file("{'__metadata__':{'a':'x'}," + INPUT + "," + LABEL + "}  ", SCORES, LABELS);
        requireExample(body);
        for (int length = 0; length < body.length; length++) {
            Fault fault = Reading.faults(TensorFormat.SAFETENSORS, Arrays.copyOf(body, length))
                    .getFirst();
            assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_SAFETENSORS);
        }
        assertThat(Reading.faults(TensorFormat.SAFETENSORS, Arrays.copyOf(body, body.length + 1))
                        .getFirst()
                        .detail())
                .contains("take 40 bytes, but 41 follow");
    }

    /** A length that overflows, is negative, or is more than is there. */
    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32})
    void lengthOfTheHeader(long length) {
        byte[] body = file("{" + INPUT + "," + LABEL + "}", SCORES, LABELS);
        System.arraycopy(Npy.longs(length), 0, body, 0, 8);
        assertThat(Reading.faults(TensorFormat.SAFETENSORS, body).getFirst().detail())
                .contains("the safetensors header has " + Long.toUnsignedString(length) + " bytes");
    }

    @Test
    void headerOverTheLimit() {
        byte[] body = file("{" + INPUT + "," + LABEL + "}" + " ".repeat(1 << 16), SCORES, LABELS);
        Fault fault = Reading.faults(TensorFormat.SAFETENSORS, body).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.TOO_LARGE);
        assertThat(fault.detail()).contains("the limit is 65536");
    }

    @ParameterizedTest
    @CsvSource({
        "F16, float16",
        "BF16, bfloat16",
        "U8, unsigned uint8",
        "I64, int64",
        "BOOL, bool",
        "F8_E4M3, input holds a type that is not known here (\"F8_E4M3\")",
        "f32, f32",
        "'', '\"\"'"
    })
    void types(String dtype, String named) {
        byte[] body = file("{" + INPUT.replace("F32", dtype) + "," + LABEL + "}", SCORES, LABELS);
        if (dtype.equals("I64")) {
            body = file("{" + member("input", "I64", "[1,3]", 0, 24) + "," + LABEL + "}", SCORES, LABELS);
        }
        Fault fault = Reading.faults(TensorFormat.SAFETENSORS, body).getFirst();
        assertThat(fault.code()).isEqualTo(FaultCode.WRONG_DTYPE);
        assertThat(fault.name()).isEqualTo("input");
        assertThat(fault.detail()).contains(named).contains("float32 and float64 work");
    }

    @Test
    void namesOfTensors() {
        byte[] body = file(
                "{'inptu':" + INPUT.substring(8) + "," + LABEL + "," + LABEL.replace("24,40", "40,56") + "}",
                SCORES,
                LABELS,
                LABELS);
        List<Fault> faults = Reading.faults(TensorFormat.SAFETENSORS, body);
        assertThat(faults)
                .extracting(fault -> fault.code() + " " + fault.name())
                .containsExactly("unknown_field inptu", "duplicate_field label", "missing_field input");
    }

    @Test
    void elementsThatAreNotFiniteAndLabelsOutOfRange() {
        byte[] body = file(
                "{" + INPUT + "," + LABEL + "}",
                Npy.floats(Float.NaN, 0, 0, 0, 0, Float.POSITIVE_INFINITY),
                Npy.longs(3, -1));
        assertThat(Reading.faults(TensorFormat.SAFETENSORS, body))
                .extracting(fault -> fault.code() + " " + fault.name() + fault.index())
                .containsExactly(
                        "not_finite input[0, 0]",
                        "not_finite input[1, 2]",
                        "out_of_range label[0]",
                        "out_of_range label[1]");
    }
}
