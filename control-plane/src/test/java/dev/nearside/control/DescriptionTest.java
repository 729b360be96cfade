package dev.nearside.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.nearside.control.http.DescriptionResource;
import dev.nearside.control.http.Requirement;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API does what its description says, operation by operation.
class DescriptionTest {
    private final JsonObject description = read();

    private static JsonObject read() {
        try (var reader = Json.createReader(new StringReader(DescriptionResource.description()))) {
            return reader.readObject();
        }
    }

    @Test
    void describesEveryRouteWithWhoMayCallIt(@TempDir Path data) throws Exception {
        var served = new TreeMap<String, String>();
        try (var api = new RunningControlPlane(data)) {
            for (var route : api.controlPlane().routes().routes()) {
                served.put(route.method() + " " + route.path(), who(route.requirement()));
            }
        }

        assertThat(described()).isEqualTo(served);
    }

    private Map<String, String> described() {
        var operations = new TreeMap<String, String>();
        description
                .getJsonObject("paths")
                .forEach((path, item) -> item.asJsonObject()
                        .forEach((method, operation) -> operations.put(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path,
                                who(operation.asJsonObject()))));
        return operations;
    }

    private static String who(Requirement requirement) {
        return switch (requirement) {
            case Requirement.Anyone() -> "anyone";
            case Requirement.AtLeast(var role) -> role.word();
            case Requirement.AnEdge() -> "an edge";
        };
    }

    private static String who(JsonObject operation) {
        var security = operation.getJsonArray("security");
        if (security.isEmpty()) return "anyone";
        return security.getJsonObject(0).containsKey("edge") ? "an edge" : operation.getString("x-role");
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        follow(description);
    }

    private void follow(JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                if (object.get("$ref") instanceof JsonString reference) {
                    assertThat(((JsonStructure) description)
                                    .getValue(reference.getString().substring(1)))
                            .isNotNull();
                }
                object.values().forEach(this::follow);
            }
            case jakarta.json.JsonArray array -> array.forEach(this::follow);
            default -> {}
        }
    }

    @Test
    void describesEveryPropertyOfEveryDocument() {
        var records = new TreeMap<String, Set<String>>();
        for (var type : new ClassFileImporter().importPackages("dev.nearside.model.wire")) {
            if (!type.isRecord()) continue;
            var record = type.reflect();
            var outer = record.getEnclosingClass();
            records.put((outer == null ? "" : outer.getSimpleName()) + record.getSimpleName(), components(record));
        }

        assertThat(description.getJsonObject("components").getJsonObject("schemas"))
                .allSatisfy((name, schema) -> assertThat(schema.asJsonObject()
                                .getJsonObject("properties")
                                .keySet())
                        .as(name)
                        .isEqualTo(records.get(name)));
    }

    private static Set<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }
}
