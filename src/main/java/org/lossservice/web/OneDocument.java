package org.lossservice.web;

import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Takes away the document that springdoc makes up from the controllers, whose bodies it cannot see. There is one document,
 * openapi.yaml: {@link DocumentationController} serves it in that one's place, and springdoc's Swagger UI shows it.
 */
@Configuration(proxyBeanMethods = false)
class OneDocument {

    /** The controller, springdoc's, of the document that it makes up. */
    private static final String MADE_UP = "openApiResource";

    @Bean
    static BeanDefinitionRegistryPostProcessor withoutAnotherDocument() {
        return registry -> {
            // a context made at build time was made without it
            if (registry.containsBeanDefinition(MADE_UP)) {
                registry.removeBeanDefinition(MADE_UP);
            }
        };
    }
}
