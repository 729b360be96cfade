package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.list;
import static dev.nearside.model.wire.Documents.lower;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.behavior.Caching;
import dev.nearside.model.check.Problems;
import dev.nearside.model.policy.ForwardedValues;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.PolicyId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a behavior says of caching: through policies, or in the form from before there were any (CF§2.7).
final class CachingReader {

    private static final int MAX_NAMES = 10;

    private CachingReader() {}

    static Caching read(BehaviorDocument document, Policies policies, Problems at) {
        if (document.forwardedValues() != null) return legacy(document, document.forwardedValues(), at);
        if (document.cachePolicyId() == null) {
            at.at("cachePolicyId").add("missing (expected: the id or name of a cache policy, or forwardedValues)");
        }
        refuseTtl("minTTL", document.minTTL(), at);
        refuseTtl("defaultTTL", document.defaultTTL(), at);
        refuseTtl("maxTTL", document.maxTTL(), at);
        return new Caching.ByPolicy(
                reference(
                                document.cachePolicyId(),
                                "cache policy",
                                name -> policies.cache(name).map(p -> p.id()),
                                at.at("cachePolicyId"))
                        .orElse(new PolicyId("")),
                reference(
                        document.originRequestPolicyId(),
                        "origin request policy",
                        name -> policies.originRequest(name).map(p -> p.id()),
                        at.at("originRequestPolicyId")));
    }

    static Optional<PolicyId> reference(
            @Nullable String reference, String kind, Function<String, Optional<PolicyId>> find, Problems at) {
        if (reference == null) return Optional.empty();
        var found = find.apply(reference);
        if (found.isEmpty()) at.add(reference, "the id or name of an existing " + kind);
        return found;
    }

    private static Caching legacy(BehaviorDocument document, BehaviorDocument.ForwardedValues forwarded, Problems at) {
        refusePolicy("cachePolicyId", document.cachePolicyId(), at);
        refusePolicy("originRequestPolicyId", document.originRequestPolicyId(), at);
        var place = at.at("forwardedValues");
        var headers = list(forwarded.headers());
        for (int i = 0; i < headers.size(); i++) {
            var header = headers.get(i);
            if (header.equals("*")) {
                if (headers.size() > 1) place.at("headers").at(i).add(header, "* alone");
            } else if (!HeaderRules.isToken(header) || !HeaderRules.mayBeInKey(lower(header))) {
                place.at("headers").at(i).add(header, "a header that may be in the cache key");
            }
        }
        tooMany(headers, place.at("headers"));
        var keys = list(forwarded.queryStringCacheKeys());
        tooMany(keys, place.at("queryStringCacheKeys"));
        boolean query = or(forwarded.queryString(), false);
        if (!query && !keys.isEmpty()) {
            place.at("queryStringCacheKeys").add(keys, "none where queryString is false");
        }
        return new Caching.Legacy(
                new ForwardedValues(
                        query,
                        Set.copyOf(keys),
                        headers.stream().map(Documents::lower).distinct().toList(),
                        cookies(forwarded.cookies(), place.at("cookies"))),
                PolicyReader.ttl(or(document.minTTL(), 0L), document.defaultTTL(), document.maxTTL(), at));
    }

    private static NameSelection cookies(BehaviorDocument.@Nullable Cookies cookies, Problems at) {
        if (cookies == null) return new NameSelection.None();
        var forward = or(cookies.forward(), "none");
        var names = list(cookies.whitelistedNames());
        if (!forward.equals("whitelist") && !names.isEmpty()) {
            at.at("whitelistedNames").add(names, "no names beside \"" + forward + "\"");
        }
        tooMany(names, at.at("whitelistedNames"));
        return switch (forward) {
            case "none" -> new NameSelection.None();
            case "all" -> new NameSelection.All();
            case "whitelist" -> {
                if (names.isEmpty()) at.at("whitelistedNames").add("empty (expected: at least one name)");
                yield new NameSelection.Matching(Set.copyOf(names));
            }
            default -> {
                at.at("forward").add(forward, "none, whitelist or all");
                yield new NameSelection.None();
            }
        };
    }

    private static void tooMany(List<String> names, Problems at) {
        if (names.size() > MAX_NAMES) {
            at.add("%d names (expected: at most %d)".formatted(names.size(), MAX_NAMES));
        }
    }

    private static void refusePolicy(String property, @Nullable String said, Problems at) {
        if (said != null) at.at(property).add(said, "no policy beside forwardedValues");
    }

    private static void refuseTtl(String property, @Nullable Long said, Problems at) {
        if (said != null) at.at(property).add(said, "no TTL beside a cache policy, which has its own");
    }
}
