package org.lossservice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The manifests under src/kubernetes are what Kubernetes takes, and fit each other, the image and the settings. */
class KubernetesTest {

    private static final Path BASE = Path.of("src/kubernetes");
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Kustomization base = new Kustomization(BASE);
    private final Project project = Project.read();

    KubernetesTest() throws IOException {}

    private List<String> faults() {
        return Manifests.faults(base.render(), project);
    }

    @Test
    void nothingIsWrong() {
        assertThat(faults()).isEmpty();
        assertThat(base.file("kustomization.yaml").get("resources"))
                .as("every file is a part of it")
                .hasSize(base.resources().size());
    }

    /** Each thing that is checked, broken: the file, where in it, what stands there instead, and what is to be said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            deployment.yaml | /spec/template/spec/containers/0/livenes | {} | 'livenes' is not defined
            deployment.yaml | /spec/template/spec/terminationGracePeriodSeconds | "60" | string found, integer expected
            deployment.yaml | /spec/template/spec/topologySpreadConstraints/1/whenUnsatisfiable | "Schedule" | ScheduleAnyway
            deployment.yaml | /spec/template/spec/containers/0/name | - | required property 'name' not found
            deployment.yaml | /apiVersion | "apps/v1beta1" | must be the constant value 'apps/v1'
            service.yaml | /spec/ports/0/port | - | required property 'port' not found
            service.yaml | /spec/ports/0/protocol | "HTTP" | SCTP
            autoscaler.yaml | /spec/maxReplicas | 2.5 | number found, integer expected
            disruption-budget.yaml | /spec/minAvailible | 1 | 'minAvailible' is not defined
            network-policy.yaml | /spec/policyTypes | ["Both"] | Ingress
            service-account.yaml | /automountServiceAccountToken | "no" | string found, boolean expected
            service.yaml | /spec/selector | {"app": "other"} | Service/spec/selector does not select
            deployment.yaml | /spec/selector | {"matchLabels": {"app": "other"}} | Deployment/spec/selector/matchLabels does not select
            deployment.yaml | /spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels | {"app": "other"} | topologySpreadConstraints
            disruption-budget.yaml | /spec/selector/matchLabels | {"app": "other"} | PodDisruptionBudget/spec/selector/matchLabels does not select
            disruption-budget.yaml | /spec/selector | {} | PodDisruptionBudget/spec/selector/matchLabels does not select
            network-policy.yaml | /spec/podSelector/matchLabels | {"app": "other"} | NetworkPolicy/spec/podSelector/matchLabels does not select
            deployment.yaml | /spec/template/spec/containers/0/ports/0/containerPort | 8082 | the port http is not
            deployment.yaml | /spec/template/spec/containers/0/ports/1/containerPort | 8080 | the port management is not
            service.yaml | /spec/ports/0/targetPort | "management" | the service publishes
            service.yaml | /spec/ports/0/targetPort | "web" | the service publishes
            network-policy.yaml | /spec/ingress/0/ports/0/port | "web" | the network policy opens
            network-policy.yaml | /spec/ingress/1/from | - | the management port is open to everyone
            deployment.yaml | /spec/template/metadata/annotations/prometheus.io~1port | "8080" | metrics are sought
            deployment.yaml | /spec/template/metadata/annotations/prometheus.io~1path | "/metrics" | metrics are sought
            deployment.yaml | /spec/template/spec/containers/0/startupProbe | - | startupProbe does not ask
            deployment.yaml | /spec/template/spec/containers/0/livenessProbe/httpGet/path | "/readyz" | livenessProbe does not ask
            deployment.yaml | /spec/template/spec/containers/0/livenessProbe/httpGet/port | "http" | livenessProbe does not ask
            deployment.yaml | /spec/template/spec/containers/0/readinessProbe/httpGet/port | "management" | readinessProbe does not ask
            deployment.yaml | /spec/template/spec/containers/0/lifecycle | - | endpoints do not learn
            deployment.yaml | /spec/template/spec/terminationGracePeriodSeconds | 30 | a pod may be killed
            deployment.yaml | /spec/template/spec/securityContext/runAsNonRoot | false | may run as root
            deployment.yaml | /spec/template/spec/securityContext/runAsUser | 10002 | its user is not
            deployment.yaml | /spec/template/spec/securityContext/seccompProfile | - | every system call
            deployment.yaml | /spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation | - | may gain privileges
            deployment.yaml | /spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem | false | its files can be changed
            deployment.yaml | /spec/template/spec/containers/0/securityContext/capabilities | - | it has capabilities
            deployment.yaml | /spec/template/spec/automountServiceAccountToken | - | it has an account's token
            deployment.yaml | /spec/template/spec/serviceAccountName | "default" | it has an account's token
            deployment.yaml | /spec/template/spec/volumes/0/name | "scratch" | volumes and mounts differ
            deployment.yaml | /spec/template/spec/containers/0/volumeMounts/0/mountPath | "/scratch" | nowhere to write
            autoscaler.yaml | /spec/scaleTargetRef/name | "service" | the autoscaler's target
            autoscaler.yaml | /spec/scaleTargetRef/kind | "ReplicaSet" | the autoscaler's target
            deployment.yaml | /spec/replicas | 2 | both set the replicas
            deployment.yaml | /spec/template/spec/containers/0/resources/requests/cpu | - | no request to measure by
            autoscaler.yaml | /spec/minReplicas | 1 | a disruption may take all
            kustomization.yaml | /images/0/newTag | "0.0.9" | the image is not of version
            """)
    void whatIsBrokenIsFound(String file, String pointer, String value, String fault) {
        JsonPointer at = JsonPointer.compile(pointer);
        JsonNode parent = base.file(file).at(at.head());
        String name = at.last().getMatchingProperty();
        if (value == null) {
            assertThat(((ObjectNode) parent).remove(name)).isNotNull();
        } else if (parent instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), MAPPER.readTree(value));
        } else {
            ((ObjectNode) parent).set(name, MAPPER.readTree(value));
        }
        assertThat(faults()).anySatisfy(found -> assertThat(found).contains(fault));
    }

    @Test
    void kubectlRendersTheSame() throws IOException, InterruptedException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", BASE.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "kubectl is not installed");
            return;
        }
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).isZero();
        assertThat(Kustomization.documents(rendered)).containsExactlyInAnyOrderElementsOf(base.render());
    }

    @Test
    void theImageAndTheReplicasOfTheComposeFile() throws IOException {
        assertThat(Project.find("Dockerfile", "image.version=\"([^\"]+)\"")).isEqualTo(project.version());
        assertThat(Project.find("Dockerfile", "EXPOSE ([\\d ]+)"))
                .isEqualTo(project.port() + " " + project.managementPort());
        assertThat(Project.find("docker-compose.yml", "image: loss-service:(\\S+)"))
                .isEqualTo(project.version());
        assertThat(Long.parseLong(Project.find("docker-compose.yml", "stop_grace_period: (\\d+)s")))
                .isGreaterThan(project.shutdown().toSeconds());
    }

    @Test
    void theGatewayMayEndWhatItHasBegun() throws IOException {
        long grace = Long.parseLong(
                Project.find("docker-compose.yml", "\n  gateway:(?:\n    .*|\n)*?\n    stop_grace_period: (\\d+)s"));
        long workers = Long.parseLong(Project.find("src/gateway/main.conf", "worker_shutdown_timeout (\\d+)s"));
        assertThat(grace).isGreaterThan(workers);
        assertThat(workers)
                .isGreaterThan(Long.parseLong(Project.find("src/gateway/proxy.conf", "proxy_read_timeout (\\d+)s")));
    }

    @Test
    void theGatewayAsksARestartedReplicaAgainBeforeTheNextOneIsGone() throws IOException {
        assertThat(Integer.parseInt(Project.find("src/gateway/upstream.conf", "server service:(\\d+)")))
                .isEqualTo(project.port());
        // nginx counts whole seconds
        assertThat(Long.parseLong(Project.find("src/gateway/upstream.conf", "fail_timeout=(\\d+)s")) + 1)
                .isLessThan(project.drain().toSeconds());
    }
}
