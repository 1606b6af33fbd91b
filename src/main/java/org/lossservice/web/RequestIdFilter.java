package org.lossservice.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Gives every request an id, and every answer the headers that all of them carry. A client's own id is taken where it
 * consists of harmless characters, so that no line of the log can be forged with one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
@SuppressWarnings("serial") // nobody serialises a filter
class RequestIdFilter extends HttpFilter {

    static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = RequestIdFilter.class.getName();
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        mark(request, response);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", policy(request));
        chain.doFilter(request, response);
    }

    /** Sets the headers of every answer, whoever makes it. */
    static void mark(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(HEADER, idOf(request));
        response.setHeader("Cache-Control", "no-store");
    }

    /** Swagger UI is a page with scripts and inline styles of its own; nothing else here is a page. */
    private static String policy(HttpServletRequest request) {
        return request.getRequestURI().contains("/swagger-ui")
                ? "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
                : "default-src 'none'; frame-ancestors 'none'";
    }

    /** The id of a request: what its header says, if harmless, else one made for it. */
    static String idOf(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String id) {
            return id;
        }
        String sent = request.getHeader(HEADER);
        String id = sent != null && HARMLESS.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }
}
