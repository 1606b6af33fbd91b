package org.lossservice.bench;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import org.lossservice.LossServiceApplication;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The service with routes that do nothing and that only read a body and write it back: the bounds that container and network
 * set. Started by the scripts under src/peers, never part of the jar.
 */
@TestComponent // so that no test's component scan finds it
@RestController
public class LimitsApplication {

    public static void main(String[] args) {
        String[] options = Arrays.copyOf(args, args.length + 1);
        options[args.length] = "--spring.main.sources=" + LimitsApplication.class.getName();
        LossServiceApplication.main(options);
    }

    /** The body is left to the container. */
    @PostMapping("/empty")
    void empty() {}

    @PostMapping("/echo")
    void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = new byte[request.getContentLength()];
        request.getInputStream().readNBytes(body, 0, body.length);
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
