# The jar, and its parts in layers that change at different speeds.
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml openapi.yaml ./
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Pcontainer -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/loss-service-*.jar extract --layers --application-filename loss-service.jar --destination layers

FROM eclipse-temurin:25.0.4_7-jre-noble
LABEL org.opencontainers.image.title="loss-service" \
      org.opencontainers.image.description="Training losses and their gradients over HTTP, exact and fast." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# what is in here, for those who scan images; /actuator/sbom/application on the management port says the same
COPY --from=build /build/target/classes/META-INF/sbom/application.cdx.json /app/loss-service.cdx.json

# Logs are ECS JSON, with a line for each request.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs \
    LOGGING_LEVEL_ORG_LOSSSERVICE_ACCESS=info

# What beans there are was decided by the build (-Pcontainer); a setting that would decide otherwise makes the start a slower one.
# The AOT cache is trained here, where jars and JVM are the run's own. Where the JVM cannot use it, it only says so and starts
# without: -XX:AOTMode=on makes that an error.
RUN --mount=type=bind,source=src/main/docker/train.sh,target=/train/train.sh \
    --mount=type=bind,source=src/test/resources/tensors,target=/train/tensors \
    ["bash", "/train/train.sh", "/app/loss-service.aot", "/train/tensors"]

USER 10001:10001
EXPOSE 8080 8081
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
# The heap is a part of the container's limit; the rest is for threads, buffers and code. Four fifths of it are for what lives
# long: one array of the largest request takes 128 MB in one piece, which in 512 MB it did not find in two thirds beside many
# slow connections. More than half of it is there from the start: in the few megabytes of the default the young objects of
# requests are collected sixty times a second, which takes 7 to 9 % of the time, and many of them grow old there: large requests
# then make the heap more than twice as large. What it has grown to is kept: it was given back after every full collection, and
# large requests, which bring one about after every ten or so, took it anew, page by page, an eighth of their time.
# In JAVA_TOOL_OPTIONS the JVM would tell of it at every start, on a line that is no JSON; -Xmx there still counts for more.
# Two threads compile with C2, where two processors would have one: under load the service is at full speed after some 30 s and
# not 40. They would take the time of what starts, so C2 waits until a method was called three times as often as it would.
ENTRYPOINT ["java", "-XX:CICompilerCount=3", "-XX:Tier4InvocationThreshold=15000", "-XX:Tier4MinInvocationThreshold=2000", "-XX:Tier4CompileThreshold=45000", "-XX:MaxRAMPercentage=60", "-XX:InitialRAMPercentage=33", "-XX:NewRatio=4", "-XX:MaxHeapFreeRatio=100", "-XX:AOTCache=/app/loss-service.aot", "-Dspring.aot.enabled=true", "-jar", "loss-service.jar"]
