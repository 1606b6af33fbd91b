package org.lossservice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** Starts the service. */
// without Boot's error page every error of the container reaches ProblemValve
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
public class LossServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(LossServiceApplication.class, args);
    }
}
