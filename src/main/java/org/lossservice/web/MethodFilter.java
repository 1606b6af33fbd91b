package org.lossservice.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/**
 * Corrects what servlets and Spring get wrong about methods: TRACE is refused, and OPTIONS has no empty Accept-Patch.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
@SuppressWarnings("serial") // nobody serialises a filter
class MethodFilter extends HttpFilter {

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (HttpMethod.TRACE.matches(request.getMethod())) {
            chain.doFilter(new Unknown(request), response);
            return;
        }
        chain.doFilter(request, response);
        if (HttpMethod.OPTIONS.matches(request.getMethod()) && !response.isCommitted()) {
            // Spring's is empty, for nothing here is patched; null removes it
            response.setHeader("Accept-Patch", null);
        }
    }

    /**
     * A request with a method that nobody knows. The servlet API would echo a TRACE, with all that gateways added to
     * it; this one is refused like every method that a path does not take.
     */
    private static final class Unknown extends HttpServletRequestWrapper {

        Unknown(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return "UNKNOWN";
        }
    }
}
