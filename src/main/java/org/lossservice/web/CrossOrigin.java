package org.lossservice.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsProcessor;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;

/**
 * Lets pages of the configured origins read answers. A request from any other origin is answered as if it named none:
 * keeping such an answer from the page is the browser's part, and behind a gateway our own pages may seem to come from
 * elsewhere.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
@SuppressWarnings("serial") // nobody serialises a filter
class CrossOrigin extends HttpFilter {

    private final CorsProcessor processor = new DefaultCorsProcessor();
    private final CorsConfiguration configuration = new CorsConfiguration();

    CrossOrigin(LossProperties properties) {
        configuration.setAllowedOrigins(properties.cors().allowedOrigins());
        // a method that a path does not take is refused by the service, with a problem that the page can read; Spring
        // would answer 403 and no problem
        configuration.setAllowedMethods(List.of(CorsConfiguration.ALL));
        configuration.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        configuration.setExposedHeaders(List.of(RequestIdFilter.HEADER, HttpHeaders.RETRY_AFTER));
        configuration.setMaxAge(Duration.ofHours(1));
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            chain.doFilter(request, response);
        } else if (configuration.checkOrigin(origin) == null) {
            chain.doFilter(new WithoutOrigin(request), response);
        } else if (processor.processRequest(configuration, request, response)
                && !CorsUtils.isPreFlightRequest(request)) {
            chain.doFilter(request, response);
        }
    }

    private static final class WithoutOrigin extends HttpServletRequestWrapper {

        WithoutOrigin(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ORIGIN) ? null : super.getHeader(name);
        }
    }
}
