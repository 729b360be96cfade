package dev.nearside.admin.policy;

import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.admin.control.PolicyKind;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A policy of any kind, as far as the kinds are alike.
///
/// @param remark what its author said about this version
/// @param document all of it, as the API has it
record Policy(
        PolicyKind kind,
        String id,
        boolean isManaged,
        long version,
        String etag,
        Optional<Instant> saved,
        String author,
        String remark,
        List<String> usedBy,
        String name,
        String comment,
        Record document) {

    static Answer<List<Policy>> all(ControlPlane controlPlane, PolicyKind kind) {
        return switch (kind) {
            case CACHE ->
                controlPlane
                        .cachePolicies()
                        .map(all -> all.items().stream().map(Policy::of).toList());
            case ORIGIN_REQUEST ->
                controlPlane
                        .originRequestPolicies()
                        .map(all -> all.items().stream().map(Policy::of).toList());
            case RESPONSE_HEADERS ->
                controlPlane
                        .responseHeadersPolicies()
                        .map(all -> all.items().stream().map(Policy::of).toList());
        };
    }

    static Answer<Policy> one(ControlPlane controlPlane, PolicyKind kind, String id) {
        return switch (kind) {
            case CACHE -> controlPlane.cachePolicy(id).map(Policy::of);
            case ORIGIN_REQUEST -> controlPlane.originRequestPolicy(id).map(Policy::of);
            case RESPONSE_HEADERS -> controlPlane.responseHeadersPolicy(id).map(Policy::of);
        };
    }

    static Policy of(CachePolicies.Item item) {
        return new Policy(
                PolicyKind.CACHE,
                item.id(),
                isManaged(item.type()),
                item.version(),
                item.etag(),
                Optional.ofNullable(item.lastModifiedTime()),
                or(item.author(), ""),
                or(item.comment(), ""),
                item.usedBy(),
                or(item.config().name(), item.id()),
                or(item.config().comment(), ""),
                item.config());
    }

    private static Policy of(OriginRequestPolicies.Item item) {
        return new Policy(
                PolicyKind.ORIGIN_REQUEST,
                item.id(),
                isManaged(item.type()),
                item.version(),
                item.etag(),
                Optional.ofNullable(item.lastModifiedTime()),
                or(item.author(), ""),
                or(item.comment(), ""),
                item.usedBy(),
                or(item.config().name(), item.id()),
                or(item.config().comment(), ""),
                item.config());
    }

    private static Policy of(ResponseHeadersPolicies.Item item) {
        return new Policy(
                PolicyKind.RESPONSE_HEADERS,
                item.id(),
                isManaged(item.type()),
                item.version(),
                item.etag(),
                Optional.ofNullable(item.lastModifiedTime()),
                or(item.author(), ""),
                or(item.comment(), ""),
                item.usedBy(),
                or(item.config().name(), item.id()),
                or(item.config().comment(), ""),
                item.config());
    }

    private static boolean isManaged(String type) {
        return type.equals("managed");
    }

    private static String or(@Nullable String text, String otherwise) {
        return Objects.requireNonNullElse(text, otherwise);
    }
}
