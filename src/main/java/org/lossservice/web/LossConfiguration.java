package org.lossservice.web;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.lossservice.loss.LossEvaluator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** What all requests share: the evaluator, the memory and turns that they are given, and what is measured of them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LossProperties.class)
class LossConfiguration {

    @Bean
    Shutdown shutdown(LossProperties properties) {
        return new Shutdown(properties.admission().drain());
    }

    @Bean
    Admission admission(LossProperties properties) {
        LossProperties.Admission settings = properties.admission();
        long memory = settings.memory().toBytes();
        Runtime runtime = Runtime.getRuntime();
        return new Admission(
                settings, memory > 0 ? memory : runtime.maxMemory() / 10 * 6, runtime.availableProcessors());
    }

    @Bean
    MeterBinder admissionMeters(Admission admission) {
        return meters -> {
            Gauge.builder("loss.admission.reserved", admission, Admission::reserved)
                    .description("memory that requests have reserved")
                    .baseUnit("bytes")
                    .register(meters);
            Gauge.builder("loss.admission.budget", admission, Admission::budget)
                    .description("memory that requests may reserve together")
                    .baseUnit("bytes")
                    .register(meters);
            Gauge.builder("loss.admission.working", admission, Admission::working)
                    .description("requests that are parsed and computed")
                    .baseUnit("requests")
                    .register(meters);
        };
    }

    /** For all routes: unlike other interceptors, a mapped one is found by the routes that Actuator adds as well. */
    @Bean
    MappedInterceptor negotiation() {
        return new MappedInterceptor(new String[] {"/**"}, new Negotiation());
    }

    @Bean
    Telemetry telemetry(MeterRegistry meters) {
        return new Telemetry(meters);
    }

    @Bean
    @ConditionalOnProperty("management.opentelemetry.tracing.export.otlp.endpoint")
    Tracing tracing(Tracer tracer, Propagator propagator) {
        return new Tracing(tracer, propagator);
    }

    @Bean
    LossEvaluator lossEvaluator(LossProperties properties) {
        int threads = properties.compute().threads();
        return new LossEvaluator(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }
}
