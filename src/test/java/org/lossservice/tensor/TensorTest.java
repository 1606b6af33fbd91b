package org.lossservice.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void shapes() {
        assertThat(Shape.scalar()).hasToString("[]");
        assertThat(Shape.scalar().elements()).isEqualTo(1);
        assertThat(Shape.vector(0).elements()).isZero();
        assertThat(Shape.matrix(3, 4))
                .hasToString("[3, 4]")
                .isEqualTo(Shape.matrix(3, 4))
                .isNotEqualTo(Shape.matrix(4, 3));
        assertThat(Shape.matrix(3, 4))
                .hasSameHashCodeAs(Shape.matrix(3, 4))
                .doesNotHaveSameHashCodeAs(Shape.vector(12));
        assertThat(Shape.matrix(3, 4)).isNotEqualTo("[3, 4]");
        assertThat(Shape.matrix(1, Integer.MAX_VALUE).elements()).isEqualTo(Integer.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.matrix(1 << 16, 1 << 15));
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.vector(-1));
    }

    @Test
    void indicesAreThoseOfRowMajorOrder() {
        assertThat(Shape.matrix(3, 4).indices(7)).containsExactly(1, 3);
        assertThat(Shape.matrix(3, 4).indices(8)).containsExactly(2, 0);
        assertThat(Shape.vector(9).indices(7)).containsExactly(7);
        assertThat(Shape.scalar().indices(0)).isEmpty();
    }

    @Test
    void tensorsOwnArraysOfTheirShape() {
        float[] array = {1.5f, 2};
        Float32Tensor tensor = new Float32Tensor(array, Shape.matrix(1, 2));
        assertThat(tensor.array()).isSameAs(array);
        assertThat(tensor.get(0)).isEqualTo(1.5);
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32).hasToString("float32");
        assertThat(DType.FLOAT64.bytes()).isEqualTo(8);
        assertThat(DType.FLOAT32.max()).isEqualTo(0x1.fffffep127);
        assertThat(DType.FLOAT32.maxText()).isEqualTo("3.4028235E38");
        assertThat(DType.FLOAT64.max()).isEqualTo(Double.MAX_VALUE);
        assertThat(DType.FLOAT64.maxText()).isEqualTo("1.7976931348623157E308");
        assertThatIllegalArgumentException().isThrownBy(() -> new Float32Tensor(array, Shape.vector(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Float64Tensor(new double[1], Shape.vector(3)));
        assertThat(FloatingTensor.zeros(DType.FLOAT64, Shape.vector(2)).get(1)).isZero();
    }

    @Test
    void labelsAreClasses() {
        Labels labels = Labels.of(new int[] {0, 2}, 3);
        assertThat(labels.length()).isEqualTo(2);
        assertThat(labels.classes()).isEqualTo(3);
        FaultException thrown = catchThrowableOfType(FaultException.class, () -> Labels.of(new int[] {0, 3, -1, 1}, 3));
        assertThat(thrown.total()).isEqualTo(2);
        assertThat(thrown.faults().getFirst().index()).isEqualTo(List.of(1));
        assertThat(thrown.faults().getFirst().detail()).isEqualTo("label 3 is not in [0, 3): input has 3 classes");
        assertThat(thrown.faults().get(1).detail()).startsWith("label -1 is not in [0, 3)");
        assertThat(Labels.outOfRange(0, "1", 1).detail()).endsWith("input has 1 class");
    }
}
