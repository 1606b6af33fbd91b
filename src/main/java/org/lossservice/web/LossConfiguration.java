package org.lossservice.web;

import org.lossservice.loss.LossEvaluator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one evaluator that all requests share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LossProperties.class)
class LossConfiguration {

    @Bean
    LossEvaluator lossEvaluator(LossProperties properties) {
        int threads = properties.compute().threads();
        return new LossEvaluator(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }
}
