package dev.nearside.edge.route;

import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a behavior's policies let through to the key and to the origin, compiled once per snapshot (CF§2, §5.2).
public final class Selectors {

    private static final NameSelection NO_NAMES = new NameSelection.None();

    /// The managed policy AllViewerExceptHostHeader, which carries facts of the viewer although it lists none (CF§4.2).
    private static final String ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

    private final List<String> keyedHeaders;
    private final Set<String> keyedHeaderSet;
    private final NameSelection keyedCookies;
    private final NameSelection keyedQuery;
    private final boolean gzip;
    private final boolean brotli;
    private final HeaderSelection sentHeaders;
    private final NameSelection sentCookies;
    private final NameSelection sentQuery;
    private final Set<String> sentFactNames;
    private final List<Fact> keyedFacts;
    private final List<Fact> sentFacts;
    private final boolean authorizationOutsideKey;
    private final String shape;

    /// Whether headers that nobody listed go to the origin by the rules of behaviors without policies (CF§5.3).
    private final boolean forwardsUnlisted;

    private Selectors(CachePolicy key, Optional<OriginRequestPolicy> sent, boolean forwardsUnlisted) {
        this.forwardsUnlisted = forwardsUnlisted;
        gzip = key.gzip();
        brotli = key.brotli();
        keyedHeaders = key.headers().stream()
                .filter(name -> !(codings() && name.equals("accept-encoding")))
                .toList();
        keyedHeaderSet = Set.copyOf(keyedHeaders);
        keyedCookies = key.cookies();
        keyedQuery = key.queryStrings();
        sentHeaders = sent.map(OriginRequestPolicy::headers).orElse(new HeaderSelection.None());
        sentCookies = sent.map(OriginRequestPolicy::cookies).orElse(NO_NAMES);
        sentQuery = sent.map(OriginRequestPolicy::queryStrings).orElse(NO_NAMES);
        sentFactNames = sent.map(Selectors::factNames).orElse(Set.of());
        keyedFacts = facts(keyedHeaders);
        sentFacts = facts(sentFactNames.stream()
                .filter(name -> !keyedHeaderSet.contains(name))
                .sorted()
                .toList());
        authorizationOutsideKey = isOutsideKey("authorization");
        shape = shape(key);
    }

    public static Selectors of(CachePolicy key, Optional<OriginRequestPolicy> sent) {
        return new Selectors(key, sent, false);
    }

    /// Of a behavior without policies, written as the two that it amounts to.
    static Selectors ofLegacy(CachePolicy key, OriginRequestPolicy sent) {
        return new Selectors(key, Optional.of(sent), true);
    }

    private static List<Fact> facts(List<String> lowerCaseNames) {
        return lowerCaseNames.stream().flatMap(name -> Fact.of(name).stream()).toList();
    }

    /// The `CloudFront-*` names that a policy lists, those that we have no value for among them.
    private static Set<String> factNames(OriginRequestPolicy policy) {
        return switch (policy.headers()) {
            case HeaderSelection.Only(var names) -> onlyFacts(names);
            case HeaderSelection.AllViewerAndCloudFront(var names) -> onlyFacts(names);
            case HeaderSelection.AllExcept _
            when policy.id().value().equals(ALL_VIEWER_EXCEPT_HOST) ->
                Fact.about(Fact.About.DEVICE, Fact.About.PLACE, Fact.About.PROTOCOL).stream()
                        .map(Fact::lowerCaseName)
                        .collect(Collectors.toUnmodifiableSet());
            case HeaderSelection.None _, HeaderSelection.AllViewer _, HeaderSelection.AllExcept _ -> Set.of();
        };
    }

    private static Set<String> onlyFacts(Set<String> names) {
        return names.stream().filter(name -> name.startsWith(Fact.PREFIX)).collect(Collectors.toUnmodifiableSet());
    }

    /// Lower-case names of the headers in the key, sorted; without `accept-encoding` where it is normalised.
    public List<String> keyedHeaders() {
        return keyedHeaders;
    }

    public NameSelection keyedCookies() {
        return keyedCookies;
    }

    public NameSelection keyedQuery() {
        return keyedQuery;
    }

    public boolean gzip() {
        return gzip;
    }

    public boolean brotli() {
        return brotli;
    }

    /// Whether `Accept-Encoding` is normalised (CF§2.5).
    public boolean codings() {
        return gzip || brotli;
    }

    /// What the key wants to know of a viewer beyond the request; needed for every request.
    public List<Fact> keyedFacts() {
        return keyedFacts;
    }

    /// What only the origin is told of a viewer; needed where a request goes there.
    public List<Fact> sentFacts() {
        return sentFacts;
    }

    /// Whether somebody is told what device a viewer has, in place of its `User-Agent`.
    public boolean tellsDevice() {
        return Stream.concat(keyedFacts.stream(), sentFacts.stream())
                .anyMatch(fact -> fact.about() == Fact.About.DEVICE);
    }

    /// Whether a header of the request goes to the origin because a policy says so.
    public boolean sendsHeader(String lowerCaseName) {
        return keyedHeaderSet.contains(lowerCaseName) || isSentBeside(lowerCaseName);
    }

    public boolean sendsCookie(String name) {
        return sends(keyedCookies, sentCookies, name);
    }

    /// Whether any cookie may go to the origin, so that its `Set-Cookie` may come back (CF§3.6).
    public boolean sendsCookies() {
        return !(keyedCookies instanceof NameSelection.None) || !(sentCookies instanceof NameSelection.None);
    }

    /// Whether the query goes as it is, down to stray ampersands.
    public boolean sendsWholeQuery() {
        return keyedQuery instanceof NameSelection.All || sentQuery instanceof NameSelection.All;
    }

    public boolean sendsParameter(String name) {
        return sends(keyedQuery, sentQuery, name);
    }

    /// Whether an `Authorization` goes to the origin that the key does not tell apart.
    public boolean authorizationOutsideKey() {
        return authorizationOutsideKey;
    }

    /// Whether responses may differ by this request header although the key does not tell it apart: the origin
    /// sees the viewer's own value.
    public boolean isOutsideKey(String lowerCaseName) {
        return switch (lowerCaseName) {
            case "cookie" ->
                !(sentCookies instanceof NameSelection.None) && !(keyedCookies instanceof NameSelection.All);
            case "accept-encoding" -> !codings() && isSentUnkeyed(lowerCaseName);
            case "x-forwarded-for" -> !keyedHeaderSet.contains(lowerCaseName); // always sent
            default -> isSentUnkeyed(lowerCaseName);
        };
    }

    /// The names of the key's parts, in one text that no other selection has.
    public String shape() {
        return shape;
    }

    private boolean isSentUnkeyed(String name) {
        return isSentBeside(name) && !keyedHeaderSet.contains(name);
    }

    /// Whether it goes for another reason than being in the key. All that a viewer sent never means what it says of
    /// itself in a `CloudFront-*` header.
    private boolean isSentBeside(String name) {
        if (name.startsWith(Fact.PREFIX)) return sentFactNames.contains(name);
        return sentHeaders.selects(name) || (forwardsUnlisted && LegacyCaching.forwards(name));
    }

    /// CF§5.2: what either policy selects, but two lists of exceptions both hold.
    private static boolean sends(NameSelection keyed, NameSelection sent, String name) {
        return keyed instanceof NameSelection.AllExcept && sent instanceof NameSelection.AllExcept
                ? keyed.selects(name) && sent.selects(name)
                : keyed.selects(name) || sent.selects(name);
    }

    private String shape(CachePolicy key) {
        var text = new StringBuilder("h");
        names(text, keyedHeaders);
        text.append('c');
        selection(text, key.cookies());
        text.append('q');
        selection(text, key.queryStrings());
        if (gzip) text.append('g');
        if (brotli) text.append('b');
        return text.toString();
    }

    private static void selection(StringBuilder text, NameSelection selection) {
        switch (selection) {
            case NameSelection.None() -> text.append('0');
            case NameSelection.All() -> text.append('*');
            case NameSelection.Only(var names) -> names(text.append('+'), names);
            case NameSelection.AllExcept(var names) -> names(text.append('-'), names);
            case NameSelection.Matching(var patterns) -> names(text.append('~'), patterns);
        }
    }

    private static void names(StringBuilder text, Collection<String> names) {
        for (var name : names.stream().sorted().toList()) {
            text.append(name.length()).append(':').append(name);
        }
        text.append('.');
    }
}
