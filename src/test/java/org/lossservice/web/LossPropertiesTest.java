package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** A wrong setting stops the start with a sentence that names it. */
class LossPropertiesTest {

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(LossProperties.class)
    static class Setup {}

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Setup.class);

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
        "loss.limits.elements=0,              loss.limits.elements is 0; it must be from 1 to 268435456",
        "loss.limits.elements=268435457,      loss.limits.elements",
        "loss.limits.elements=many,           loss.limits.elements",
        "loss.limits.json-body=0B,            loss.limits.json-body",
        "loss.limits.json-body=2GB,           loss.limits.json-body",
        "loss.limits.tensor-body=100TB,       loss.limits.tensor-body",
        "loss.limits.json-answer=1B,          loss.limits.json-answer",
        "loss.limits.name-length=-1,          loss.limits.name-length",
        "loss.limits.name-length=10001,       loss.limits.name-length",
        "loss.limits.depth=1,                 loss.limits.depth",
        "loss.limits.depth=1001,              loss.limits.depth",
        "loss.limits.number-length=31,        loss.limits.number-length",
        "loss.limits.number-length=1000001,   loss.limits.number-length",
        "loss.limits.string-length=127,       loss.limits.string-length",
        "loss.limits.string-length=1000001,   loss.limits.string-length",
        "loss.compute.threads=-1,             loss.compute.threads",
        "loss.compute.threads=1025,           loss.compute.threads",
        "loss.admission.requests=0,           loss.admission.requests",
        "loss.admission.requests=100001,      loss.admission.requests",
        "loss.admission.memory=-1B,           loss.admission.memory",
        "loss.admission.memory=1025GB,        loss.admission.memory",
        "loss.admission.patience=366d,        loss.admission.patience",
        "loss.admission.deadline=-1s,         loss.admission.deadline",
        "loss.admission.deadline=366d,        loss.admission.deadline",
        "loss.admission.transfer-grace=366d,  loss.admission.transfer-grace",
        "loss.admission.transfer-rate=fast,   loss.admission.transfer-rate",
        "loss.admission.transfer-rate=1025GB, loss.admission.transfer-rate",
        "loss.admission.drain=366d,           loss.admission.drain",
        "loss.cors.allowed-origins=*,         loss.cors.allowed-origins",
        "loss.cors.allowed-origins=https://a.example/path, loss.cors.allowed-origins has https://a.example/path",
        "loss.limits.jsn-body=1MB,            loss.limits.jsn-body"
    })
    void wrongValueStopsTheStart(String property, String named) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .satisfies(failure -> assertThat(stack(failure)).contains(named)));
    }

    private static String stack(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause).append('\n');
        }
        return messages.toString();
    }
}
