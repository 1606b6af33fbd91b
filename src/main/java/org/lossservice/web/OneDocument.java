package org.lossservice.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Hides the document that springdoc makes up from the controllers, whose bodies it cannot see. There is one document,
 * openapi.yaml, and springdoc's Swagger UI shows that.
 */
@Configuration(proxyBeanMethods = false)
class OneDocument implements WebMvcConfigurer, HandlerInterceptor {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/v3/api-docs", "/v3/api-docs.yaml");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        throw new FaultException(Fault.of(FaultCode.NOT_FOUND, "the document is /openapi.yaml"));
    }
}
