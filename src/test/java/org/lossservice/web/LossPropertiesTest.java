package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** A wrong setting stops the start with a sentence that names it. */
class LossPropertiesTest {

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(LossProperties.class)
    static class Setup {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Setup.class)
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class));

    @Test
    void defaults() {
        runner.run(context -> {
            LossProperties.Limits limits = context.getBean(LossProperties.class).limits();
            assertThat(limits.jsonBody().toBytes()).isEqualTo(32L << 20);
            assertThat(limits.tensorBody().toBytes()).isEqualTo(64L << 20);
            assertThat(limits.elements()).isEqualTo(16_777_216);
            assertThat(limits.nameLength()).isEqualTo(128);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "loss.limits.elements=0,           elements",
        "loss.limits.elements=many,        elements",
        "loss.limits.json-body=0B,         json-body",
        "loss.limits.json-body=2GB,        json-body",
        "loss.limits.tensor-body=100TB,    tensor-body",
        "loss.limits.name-length=-1,       name",
        "loss.compute.threads=-1,          threads",
        "loss.admission.requests=0,        requests",
        "loss.admission.memory=-1B,        admission.memory",
        "loss.admission.deadline=-1s,      admission.deadline",
        "loss.admission.transfer-rate=fast,  transfer-rate",
        "loss.admission.memory=1025GB,     admission.memory",
        "loss.admission.patience=366d,     admission.patience",
        "loss.admission.deadline=366d,     admission.deadline",
        "loss.admission.transfer-grace=366d, admission.transfer-grace",
        "loss.admission.transfer-rate=1025GB, admission.transfer-rate",
        "loss.admission.drain=366d,        admission.drain",
        "loss.limits.jsn-body=1MB,         loss.limits.jsn-body",
    })
    void wrongValueStopsTheStart(String property, String named) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .satisfies(failure -> assertThat(stack(failure)).containsIgnoringCase(named)));
    }

    private static String stack(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause).append('\n');
        }
        return messages.toString();
    }
}
