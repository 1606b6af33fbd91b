package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.lossservice.format.Text;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Refuses query parameters on routes that take none: one that is silently ignored would seem to have worked. */
@Configuration(proxyBeanMethods = false)
class StrictQuery implements WebMvcConfigurer, HandlerInterceptor {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/v1/**").excludePathPatterns("/v1/losses/*/tensors");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // a POST's controller calls check itself, to tell its faults with those of the body; OPTIONS uses none
        if (HttpMethod.GET.matches(request.getMethod()) || HttpMethod.HEAD.matches(request.getMethod())) {
            Faults faults = new Faults();
            check(request, List.of(), faults);
            faults.throwIfAny();
        }
        return true;
    }

    /**
     * Adds a fault for each query parameter of a request that takes none.
     *
     * @param fields what is sent as a field of the body, and not as a parameter
     */
    static void check(HttpServletRequest request, List<String> fields, Faults faults) {
        if (request.getQueryString() == null) {
            return;
        }
        for (String name : request.getParameterMap().keySet()) {
            String hint = fields.contains(name) ? "; send it as a field of the JSON body" : "";
            faults.add(() -> Fault.ofUnknown(
                    FaultCode.UNKNOWN_PARAMETER,
                    name,
                    "this path takes no query parameters, found " + Text.quote(name) + hint));
        }
    }
}
