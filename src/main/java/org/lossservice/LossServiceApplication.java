package org.lossservice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** Starts the service. */
// without Boot's error page every error of the container reaches ProblemValve; ObservingValve does what its filter
// would; web alone has components, and to look for them in the other packages too takes a tenth of the start's work
@SpringBootApplication(
        scanBasePackages = "org.lossservice.web",
        exclude = {ErrorMvcAutoConfiguration.class, WebMvcObservationAutoConfiguration.class})
public class LossServiceApplication {

    public static void main(String[] args) {
        SpringApplication service = new SpringApplication(LossServiceApplication.class);
        service.addListeners(new PreparedContext());
        service.run(args);
    }
}
