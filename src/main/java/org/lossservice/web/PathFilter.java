package org.lossservice.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.RequestPath;
import org.springframework.stereotype.Component;

/**
 * Refuses paths whose parameters, as in {@code /v1/losses;a=b}, cannot be decoded: the container drops these unread, and Spring
 * decodes them where nothing handles what it throws.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
@SuppressWarnings("serial") // nobody serialises a filter
class PathFilter extends HttpFilter {

    private static final Fault UNDECODABLE =
            Fault.of(FaultCode.MALFORMED_REQUEST, "what follows a ; in the path cannot be decoded");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isDecodable(request.getRequestURI())) {
            chain.doFilter(request, response);
        } else {
            Problems.write(HttpStatus.BAD_REQUEST, UNDECODABLE, request, response);
        }
    }

    private static boolean isDecodable(String path) {
        if (path.indexOf(';') < 0) {
            return true;
        }
        try {
            RequestPath.parse(path, null);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
