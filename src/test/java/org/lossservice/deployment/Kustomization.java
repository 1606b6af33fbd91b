package org.lossservice.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A kustomize base, rendered as {@code kubectl kustomize} does as far as ours goes; more is refused. */
final class Kustomization {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String FILE = "kustomization.yaml";

    /** Where labels go that selectors include: what is not there is made. */
    private static final Map<String, List<String>> MADE = Map.of(
            "Service", List.of("/spec/selector"),
            "Deployment", List.of("/spec/selector/matchLabels", "/spec/template/metadata/labels"));

    /** Where they go if there are labels already. */
    private static final Map<String, List<String>> COMPLETED = Map.of(
            "Deployment", List.of("/spec/template/spec/topologySpreadConstraints/*/labelSelector/matchLabels"),
            "PodDisruptionBudget", List.of("/spec/selector/matchLabels"),
            "NetworkPolicy", List.of("/spec/podSelector/matchLabels"));

    private final Map<String, ObjectNode> files = new TreeMap<>();

    /** Reads the files of a folder. */
    Kustomization(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), yaml(Files.readString(path)));
            }
        }
    }

    /** The names of the files that are documents for a cluster. */
    Set<String> resources() {
        Set<String> names = new TreeSet<>(files.keySet());
        names.remove(FILE);
        return names;
    }

    /** The content of a file, which may be changed. */
    ObjectNode file(String name) {
        ObjectNode file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("there is no file " + name);
        }
        return file;
    }

    /** One YAML document. */
    static ObjectNode yaml(String text) {
        return MAPPER.valueToTree(new Yaml().load(text));
    }

    /** The documents of a YAML file. */
    static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new Yaml().loadAll(text).forEach(document -> documents.add(MAPPER.valueToTree(document)));
        return documents;
    }

    /** What a cluster is given. */
    List<JsonNode> render() {
        ObjectNode base = file(FILE).deepCopy();
        List<JsonNode> documents = new ArrayList<>();
        base.remove("resources")
                .forEach(name -> documents.add(file(name.asString()).deepCopy()));
        for (JsonNode labels : base.remove("labels")) {
            require(labels.path("includeSelectors").asBoolean() && labels.size() == 2, labels);
            documents.forEach(document -> label((ObjectNode) document, (ObjectNode) labels.get("pairs")));
        }
        for (JsonNode image : base.remove("images")) {
            require(image.has("name") && image.has("newTag") && image.size() == 2, image);
            documents.forEach(document -> tag(document, image));
        }
        require(Set.of("apiVersion", "kind").containsAll(base.propertyNames()), base);
        return documents;
    }

    private static void require(boolean known, JsonNode part) {
        if (!known) {
            throw new IllegalArgumentException("this test cannot render " + part);
        }
    }

    private static void label(ObjectNode document, ObjectNode pairs) {
        String kind = document.path("kind").asString();
        document.withObject("/metadata/labels").setAll(pairs);
        MADE.getOrDefault(kind, List.of())
                .forEach(pointer -> document.withObject(pointer).setAll(pairs));
        COMPLETED.getOrDefault(kind, List.of()).forEach(pointer -> {
            for (JsonNode labels : all(document, pointer)) {
                ((ObjectNode) labels).setAll(pairs);
            }
        });
    }

    /** What stands at a pointer, in which a star means each element of an array. */
    static List<JsonNode> all(JsonNode document, String pointer) {
        int star = pointer.indexOf("/*");
        if (star < 0) {
            JsonNode found = document.at(pointer);
            return found.isMissingNode() ? List.of() : List.of(found);
        }
        List<JsonNode> found = new ArrayList<>();
        document.at(pointer.substring(0, star))
                .forEach(element -> found.addAll(all(element, pointer.substring(star + 2))));
        return found;
    }

    private static void tag(JsonNode document, JsonNode image) {
        for (JsonNode container : all(document, "/spec/template/spec/containers/*")) {
            if (container.path("image").equals(image.get("name"))) {
                ((ObjectNode) container)
                        .put(
                                "image",
                                image.get("name").asString() + ":"
                                        + image.get("newTag").asString());
            }
        }
    }
}
