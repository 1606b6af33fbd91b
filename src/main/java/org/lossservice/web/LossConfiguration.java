package org.lossservice.web;

import org.lossservice.loss.LossEvaluator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all requests share: the evaluator, and the memory and turns that they are given. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LossProperties.class)
class LossConfiguration {

    @Bean
    Admission admission(LossProperties properties) {
        LossProperties.Admission settings = properties.admission();
        long memory = settings.memory().toBytes();
        Runtime runtime = Runtime.getRuntime();
        return new Admission(
                settings, memory > 0 ? memory : runtime.maxMemory() / 10 * 6, runtime.availableProcessors());
    }

    @Bean
    LossEvaluator lossEvaluator(LossProperties properties) {
        int threads = properties.compute().threads();
        return new LossEvaluator(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }
}
