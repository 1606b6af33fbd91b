package org.lossservice.web;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Believes {@code Forwarded} and {@code X-Forwarded-*} where {@code server.forward-headers-strategy} is {@code framework}, and
 * hides them from everyone elsewhere: springdoc would believe them in any case. Boot's own filter is a bean or none, so the
 * container's image, whose beans are decided when it is built, could not be told.
 */
@Configuration(proxyBeanMethods = false)
class ForwardedHeaders {

    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaderFilter(ServerProperties server) {
        ForwardedHeaderFilter headers = new ForwardedHeaderFilter();
        headers.setRemoveOnly(server.getForwardHeadersStrategy() != ForwardHeadersStrategy.FRAMEWORK);
        FilterRegistrationBean<ForwardedHeaderFilter> filter = new FilterRegistrationBean<>(headers);
        filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }
}
