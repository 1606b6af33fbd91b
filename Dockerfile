# The jar, and its parts in layers that change at different speeds.
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml openapi.yaml ./
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/loss-service-*.jar extract --layers --application-filename loss-service.jar --destination layers

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="loss-service" \
      org.opencontainers.image.description="Training losses and their gradients over HTTP, exact and fast." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./

# By percentage of the container's limit; the rest is for threads, buffers and code.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60"

# Trains the AOT cache with requests: classes are then loaded and linked, and profiles there, from the first request on.
# It is written when the service stops. Where the JVM cannot use it, it only says so and starts without.
RUN ["bash", "-c", "set -e; \
    java -XX:AOTCacheOutput=/app/loss-service.aot -jar loss-service.jar --server.port=18080 --management.server.port=18081 & \
    service=$!; \
    ask() { exec 3<>/dev/tcp/127.0.0.1/18080 || return 1; printf '%s' \"$1\" >&3; cat <&3 >/dev/null; exec 3>&-; }; \
    body='{\"input\":[[1,-2,3],[0,-1,2],[1,0,1]],\"label\":[0,1,2],\"weight\":[1,2,0.5]}'; \
    post=$'POST /v1/losses/multi-margin HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Type: application/json\\r\\nContent-Length: '${#body}$'\\r\\n\\r\\n'$body; \
    get=$'GET /readyz HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n'; \
    for i in {1..240}; do if ask \"$get\" 2>/dev/null; then break; fi; sleep 0.25; done; \
    for i in {1..500}; do ask \"$post\"; done; \
    kill -TERM $service; wait $service || true; test -s /app/loss-service.aot"]

USER 10001:10001
EXPOSE 8080 8081
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:AOTCache=/app/loss-service.aot", "-jar", "loss-service.jar"]
