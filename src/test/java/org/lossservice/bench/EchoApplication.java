package org.lossservice.bench;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lossservice.LossServiceApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The service with one more route, that reads a body and writes it back and does nothing else: the bound that container and
 * network set. Started by the scripts under src/peers, never part of the jar.
 */
@TestComponent // so that no test's component scan finds it
@RestController
public class EchoApplication {

    public static void main(String[] args) {
        new SpringApplication(LossServiceApplication.class, EchoApplication.class).run(args);
    }

    @PostMapping("/echo")
    void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = new byte[request.getContentLength()];
        request.getInputStream().readNBytes(body, 0, body.length);
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
