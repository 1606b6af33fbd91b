package org.lossservice.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void allAreCountedAndTheFirstListed() {
        Faults faults = new Faults();
        for (int i = 0; i < 40; i++) {
            int index = i;
            faults.add(() -> {
                assertThat(index).as("a fault that is not listed is not made").isLessThan(Faults.LISTED);
                return new Fault(FaultCode.NOT_FINITE, "input", List.of(index), "x");
            });
        }
        FaultException thrown = catchThrowableOfType(FaultException.class, faults::throwIfAny);
        assertThat(thrown.total()).isEqualTo(40);
        assertThat(thrown.faults())
                .hasSize(Faults.LISTED)
                .last()
                .extracting(Fault::index)
                .isEqualTo(List.of(31));
        assertThat(thrown.getStackTrace()).isEmpty();
    }

    @Test
    void noneIsNoFault() {
        Faults faults = new Faults();
        assertThat(faults.total()).isZero();
        assertThatNoException().isThrownBy(faults::throwIfAny);
    }

    @Test
    void aNameOfTheClientsIsALocationUnlessItIsTooLong() {
        String longest = "n".repeat(Fault.LONGEST_NAME);
        assertThat(Fault.ofUnknown(FaultCode.UNKNOWN_FIELD, longest, "z"))
                .isEqualTo(new Fault(FaultCode.UNKNOWN_FIELD, longest, List.of(), -1, "z"));
        assertThat(Fault.ofUnknown(FaultCode.UNKNOWN_FIELD, longest + "n", "z"))
                .isEqualTo(new Fault(FaultCode.UNKNOWN_FIELD, null, List.of(), -1, "z"));
    }

    @Test
    void codesHaveTheirNamesAndCategories() {
        assertThat(FaultCode.MALFORMED_JSON).hasToString("malformed_json");
        assertThat(FaultCode.MALFORMED_JSON.category()).isEqualTo(FaultCode.Category.MALFORMED);
        assertThat(FaultCode.TOO_LARGE.category()).isEqualTo(FaultCode.Category.TOO_LARGE);
        assertThat(Fault.of(FaultCode.NOT_FOUND, "z").detail()).isEqualTo("z");
    }
}
