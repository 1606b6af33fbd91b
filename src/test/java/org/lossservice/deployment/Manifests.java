package org.lossservice.deployment;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The rendered manifests, and what is wrong with them: by Kubernetes' schemas, with each other, and with the project. */
final class Manifests {

    private static final ObjectNode SCHEMAS = schemas();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    private final Map<String, JsonNode> byKind;
    private final JsonNode pod;
    private final JsonNode container;
    private final List<String> faults = new ArrayList<>();

    private Manifests(List<JsonNode> documents) {
        byKind = documents.stream()
                .collect(Collectors.toMap(document -> document.path("kind").asString(), Function.identity()));
        pod = get("Deployment").at("/spec/template");
        container = pod.at("/spec/containers/0");
    }

    private static ObjectNode schemas() {
        try (InputStream in = new ClassPathResource("kubernetes.json").getInputStream()) {
            return (ObjectNode) new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong, a sentence each. */
    static List<String> faults(List<JsonNode> documents, Project project) {
        Manifests manifests = new Manifests(documents);
        documents.forEach(manifests::schema);
        manifests.selectors();
        manifests.ports(project);
        manifests.probes();
        manifests.shutdown(project);
        manifests.security(project);
        manifests.volumes();
        manifests.scaling();
        manifests.require(
                manifests.container.path("image").asString().equals("loss-service:" + project.version()),
                "the image is not of version " + project.version());
        return manifests.faults;
    }

    private JsonNode get(String kind) {
        JsonNode document = byKind.get(kind);
        if (document == null) {
            throw new IllegalStateException("there is no " + kind);
        }
        return document;
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            faults.add(otherwise);
        }
    }

    private void schema(JsonNode document) {
        String kind = document.path("kind").asString();
        ObjectNode schema = SCHEMAS.deepCopy();
        schema.put("$ref", "#/definitions/I" + kind);
        REGISTRY.getSchema(schema).validate(document).forEach(error -> faults.add(kind + error));
    }

    private void selectors() {
        JsonNode labels = pod.at("/metadata/labels");
        selects(labels, "Service", "/spec/selector");
        selects(labels, "Deployment", "/spec/selector/matchLabels");
        selects(labels, "Deployment", "/spec/template/spec/topologySpreadConstraints/*/labelSelector/matchLabels");
        selects(labels, "PodDisruptionBudget", "/spec/selector/matchLabels");
        selects(labels, "NetworkPolicy", "/spec/podSelector/matchLabels");
    }

    private void selects(JsonNode labels, String kind, String pointer) {
        List<JsonNode> selectors = Kustomization.all(get(kind), pointer);
        require(
                !selectors.isEmpty()
                        && selectors.stream()
                                .allMatch(selector -> !selector.isEmpty()
                                        && labels.properties().containsAll(selector.properties())),
                kind + pointer + " does not select the pods");
    }

    private void ports(Project project) {
        require(containerPort("http") == project.port(), "the port http is not the service's");
        require(containerPort("management") == project.managementPort(), "the port management is not the service's");
        for (JsonNode port : Kustomization.all(get("Service"), "/spec/ports/*/targetPort")) {
            require(port.asString().equals("http"), "the service publishes " + port);
        }
        Set<String> open = new HashSet<>();
        for (JsonNode port : Kustomization.all(get("NetworkPolicy"), "/spec/ingress/*/ports/*/port")) {
            open.add(port.asString());
        }
        require(open.equals(Set.of("http", "management")), "the network policy opens " + open);
        JsonNode anywhere = get("NetworkPolicy").at("/spec/ingress");
        for (JsonNode rule : anywhere) {
            require(
                    rule.has("from")
                            || Kustomization.all(rule, "/ports/*/port").stream()
                                    .allMatch(port -> port.asString().equals("http")),
                    "the management port is open to everyone");
        }
        JsonNode scrape = pod.at("/metadata/annotations");
        require(
                scrape.path("prometheus.io/port").asString().equals("" + project.managementPort())
                        && scrape.path("prometheus.io/path").asString().equals("/actuator/prometheus"),
                "metrics are sought where they are not");
    }

    private int containerPort(String name) {
        for (JsonNode port : container.path("ports")) {
            if (port.path("name").asString().equals(name)) {
                return port.path("containerPort").asInt();
            }
        }
        return 0;
    }

    private void probes() {
        probe("startupProbe", "management", "/actuator/health/liveness");
        probe("livenessProbe", "management", "/actuator/health/liveness");
        probe("readinessProbe", "http", "/readyz");
    }

    private void probe(String name, String port, String path) {
        JsonNode probe = container.path(name).path("httpGet");
        require(
                probe.path("path").asString("").equals(path)
                        && probe.path("port").asString("").equals(port),
                name + " does not ask port " + port + " for " + path);
    }

    private void shutdown(Project project) {
        int wait = container.at("/lifecycle/preStop/sleep/seconds").asInt(0);
        require(wait > 0, "endpoints do not learn of a pod's end before it");
        require(
                pod.at("/spec/terminationGracePeriodSeconds").asInt(30)
                        > wait + project.shutdown().toSeconds(),
                "a pod may be killed before its requests are answered");
    }

    private void security(Project project) {
        JsonNode ofPod = pod.at("/spec/securityContext");
        require(ofPod.path("runAsNonRoot").asBoolean(false), "it may run as root");
        require(ofPod.path("runAsUser").asInt(0) == project.user(), "its user is not that of the image");
        require(
                ofPod.at("/seccompProfile/type").asString("").equals("RuntimeDefault"),
                "it may make every system call");
        JsonNode ofContainer = container.path("securityContext");
        require(!ofContainer.path("allowPrivilegeEscalation").asBoolean(true), "it may gain privileges");
        require(ofContainer.path("readOnlyRootFilesystem").asBoolean(false), "its files can be changed");
        require(ofContainer.at("/capabilities/drop/0").asString("").equals("ALL"), "it has capabilities");
        require(
                !pod.at("/spec/automountServiceAccountToken").asBoolean(true)
                        && pod.at("/spec/serviceAccountName")
                                .equals(get("ServiceAccount").at("/metadata/name")),
                "it has an account's token");
    }

    private void volumes() {
        Set<JsonNode> volumes = Set.copyOf(Kustomization.all(pod, "/spec/volumes/*/name"));
        List<JsonNode> mounted = Kustomization.all(container, "/volumeMounts/*/name");
        require(volumes.equals(Set.copyOf(mounted)), "volumes and mounts differ");
        require(
                Kustomization.all(container, "/volumeMounts/*/mountPath").stream()
                        .anyMatch(path -> path.asString().equals("/tmp")),
                "it has nowhere to write");
    }

    private void scaling() {
        JsonNode autoscaler = get("HorizontalPodAutoscaler").path("spec");
        JsonNode deployment = get("Deployment");
        JsonNode target = autoscaler.path("scaleTargetRef");
        require(
                target.path("name").equals(deployment.at("/metadata/name"))
                        && target.path("kind").equals(deployment.path("kind"))
                        && target.path("apiVersion").equals(deployment.path("apiVersion")),
                "the autoscaler's target is not the deployment");
        require(deployment.at("/spec/replicas").isMissingNode(), "deployment and autoscaler both set the replicas");
        require(container.at("/resources/requests").has("cpu"), "the autoscaler has no request to measure by");
        require(
                autoscaler.path("minReplicas").asInt(1)
                        > get("PodDisruptionBudget").at("/spec/maxUnavailable").asInt(0),
                "a disruption may take all replicas");
    }
}
