package dev.nearside.model.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// All policies that a behavior may refer to, by id or by name; managed names with or without `Managed-`.
public final class Policies {

    private final Map<String, CachePolicy> cache;
    private final Map<String, OriginRequestPolicy> originRequest;
    private final Map<String, ResponseHeadersPolicy> responseHeaders;

    public Policies(
            Collection<CachePolicy> cache,
            Collection<OriginRequestPolicy> originRequest,
            Collection<ResponseHeadersPolicy> responseHeaders) {
        this.cache = byReference(cache, p -> p.id().value(), CachePolicy::name);
        this.originRequest = byReference(originRequest, p -> p.id().value(), OriginRequestPolicy::name);
        this.responseHeaders = byReference(responseHeaders, p -> p.id().value(), ResponseHeadersPolicy::name);
    }

    public Optional<CachePolicy> cache(String idOrName) {
        return find(cache, idOrName);
    }

    public Optional<OriginRequestPolicy> originRequest(String idOrName) {
        return find(originRequest, idOrName);
    }

    public Optional<ResponseHeadersPolicy> responseHeaders(String idOrName) {
        return find(responseHeaders, idOrName);
    }

    public List<CachePolicy> cache() {
        return cache.values().stream().distinct().toList();
    }

    public List<OriginRequestPolicy> originRequest() {
        return originRequest.values().stream().distinct().toList();
    }

    public List<ResponseHeadersPolicy> responseHeaders() {
        return responseHeaders.values().stream().distinct().toList();
    }

    /// These and those.
    public Policies and(Policies those) {
        return new Policies(
                concat(cache(), those.cache()),
                concat(originRequest(), those.originRequest()),
                concat(responseHeaders(), those.responseHeaders()));
    }

    private static <P> List<P> concat(List<P> these, List<P> those) {
        return Stream.concat(these.stream(), those.stream()).toList();
    }

    private static <P> Optional<P> find(Map<String, P> policies, String reference) {
        var found = policies.get(reference);
        if (found == null) found = policies.get("Managed-" + reference);
        return Optional.ofNullable(found);
    }

    /// An id wins over another policy's name.
    private static <P> Map<String, P> byReference(
            Collection<P> policies, Function<P, String> id, Function<P, String> name) {
        var references = new HashMap<String, P>();
        for (var policy : policies) references.put(name.apply(policy), policy);
        for (var policy : policies) references.put(id.apply(policy), policy);
        return references;
    }
}
