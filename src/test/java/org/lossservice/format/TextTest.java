package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hint names what was probably meant, or all there is: a wrong guess helps nobody. */
class TextTest {

    private static final List<String> KNOWN = List.of("input", "label", "p", "margin", "weight", "name", "grad_output");

    @ParameterizedTest
    @CsvSource({
        "wieght, weight",
        "Weights, weight",
        "inputs, input",
        "INPUT, input",
        "lable, label",
        "nam, name",
        "pp, p",
        "P, p",
        "gradoutput, grad_output",
        "grad-output, grad_output",
    })
    void nearNames(String name, String meant) {
        assertThat(Text.suggestion(name, KNOWN)).isEqualTo("; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "1", "y", "ab", "target", "logits", "data", "grad", "wait", "zzzzzz"})
    void namesThatAreNotNear(String name) {
        assertThat(Text.suggestion(name, KNOWN))
                .isEqualTo("; known are input, label, p, margin, weight, name, grad_output");
    }
}
