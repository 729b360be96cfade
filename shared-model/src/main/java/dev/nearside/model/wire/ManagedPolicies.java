package dev.nearside.model.wire;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.policy.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;

/// CloudFront's managed policies under their real ids and names (CF§4); they exist from the start and cannot be
/// changed.
public final class ManagedPolicies {

    private static final ConfigurationDocument DOCUMENT = load();
    private static final Policies POLICIES = read(DOCUMENT);

    private ManagedPolicies() {}

    /// As documents, each with its id.
    public static ConfigurationDocument document() {
        return DOCUMENT;
    }

    public static Policies policies() {
        return POLICIES;
    }

    private static ConfigurationDocument load() {
        try (var in = ManagedPolicies.class.getResourceAsStream("managed-policies.json")) {
            if (in == null) throw new IllegalStateException("managed-policies.json is missing from the jar");
            return switch (Json.read(in.readAllBytes(), ConfigurationDocument.class)) {
                case Checked.Valid<ConfigurationDocument>(var document) -> document;
                case Checked.Invalid<ConfigurationDocument>(var problems) ->
                    throw new IllegalStateException("managed-policies.json: " + problems);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Policies read(ConfigurationDocument document) {
        var problems = Problems.none();
        var cache = Documents.list(document.cachePolicies()).stream()
                .map(policy -> PolicyReader.cache(policy, true, problems))
                .toList();
        var originRequest = Documents.list(document.originRequestPolicies()).stream()
                .map(policy -> PolicyReader.originRequest(policy, true, problems))
                .toList();
        var responseHeaders = Documents.list(document.responseHeadersPolicies()).stream()
                .map(policy -> PolicyReader.responseHeaders(policy, true, problems))
                .toList();
        if (!problems.isEmpty()) throw new IllegalStateException("managed-policies.json: " + problems.list());
        return new Policies(cache, originRequest, responseHeaders);
    }
}
