package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.PLAIN_NAME;
import static dev.nearside.model.wire.Documents.atMost;
import static dev.nearside.model.wire.Documents.list;
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
    private static final int MAX_QUERY_KEY_LENGTH = 128;
    private static final int MAX_NAMES_LENGTH = 512;

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
        boolean query = or(forwarded.queryString(), false);
        var values = new ForwardedValues(
                query,
                queryKeys(query, list(forwarded.queryStringCacheKeys()), place.at("queryStringCacheKeys")),
                headers(list(forwarded.headers()), place.at("headers")),
                cookies(forwarded.cookies(), place.at("cookies")));
        long minTtl = or(document.minTTL(), 0L);
        if (values.forwardsAllHeaders() && minTtl > 0) {
            at.at("minTTL").add(minTtl, "0 beside all headers, which switch caching off");
        }
        return new Caching.Legacy(values, PolicyReader.ttl(minTtl, document.defaultTTL(), document.maxTTL(), at));
    }

    private static List<String> headers(List<String> headers, Problems at) {
        atMost(MAX_NAMES, "names", headers, at);
        var names = headers.stream().map(Documents::lower).toList();
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            var said = headers.get(i);
            if (name.equals("*")) {
                if (names.size() > 1) at.at(i).add(said, "* alone");
            } else if (!HeaderRules.isToken(name) || !HeaderRules.mayBeInKey(name)) {
                at.at(i).add(said, "a header that may be in the cache key");
            } else if (names.indexOf(name) < i) {
                at.at(i).add(said, "each name once");
            }
        }
        return names;
    }

    private static Set<String> queryKeys(boolean query, List<String> keys, Problems at) {
        if (!query && !keys.isEmpty()) at.add(keys, "none where queryString is false");
        checkNames(keys, MAX_NAMES_LENGTH, at);
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).length() > MAX_QUERY_KEY_LENGTH) {
                at.at(i)
                        .add("%d characters (expected: at most %d)"
                                .formatted(keys.get(i).length(), MAX_QUERY_KEY_LENGTH));
            }
        }
        return Set.copyOf(keys);
    }

    private static NameSelection cookies(BehaviorDocument.@Nullable Cookies cookies, Problems at) {
        if (cookies == null) return new NameSelection.None();
        var forward = or(cookies.forward(), "none");
        var names = list(cookies.whitelistedNames());
        var listed = at.at("whitelistedNames");
        if (!forward.equals("whitelist") && !names.isEmpty()) {
            listed.add(names, "no names beside \"" + forward + "\"");
        }
        checkNames(names, MAX_NAMES_LENGTH - names.size(), listed);
        return switch (forward) {
            case "none" -> new NameSelection.None();
            case "all" -> new NameSelection.All();
            case "whitelist" -> {
                if (names.isEmpty()) listed.add("empty (expected: at least one name)");
                yield new NameSelection.Matching(Set.copyOf(names));
            }
            default -> {
                at.at("forward").add(forward, "none, whitelist or all");
                yield new NameSelection.None();
            }
        };
    }

    private static void checkNames(List<String> names, int maxLength, Problems at) {
        atMost(MAX_NAMES, "names", names, at);
        for (int i = 0; i < names.size(); i++) {
            if (!Documents.isPlainName(names.get(i))) at.at(i).add(names.get(i), PLAIN_NAME);
            else if (names.indexOf(names.get(i)) < i) at.at(i).add(names.get(i), "each name once");
        }
        int length = names.stream().mapToInt(String::length).sum();
        if (length > maxLength) {
            at.add("%d characters in all (expected: at most %d)".formatted(length, maxLength));
        }
    }

    private static void refusePolicy(String property, @Nullable String said, Problems at) {
        if (said != null) at.at(property).add(said, "no policy beside forwardedValues");
    }

    private static void refuseTtl(String property, @Nullable Long said, Problems at) {
        if (said != null) at.at(property).add(said, "no TTL beside a cache policy, which has its own");
    }
}
