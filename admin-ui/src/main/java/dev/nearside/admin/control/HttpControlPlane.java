package dev.nearside.admin.control;

import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.EdgeChange;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Metrics;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.NewEnrolmentToken;
import dev.nearside.model.wire.api.NewInvalidation;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The control plane over HTTP, as the bearer of one token: one method a route, and nothing else.
final class HttpControlPlane implements ControlPlane {

    private final Wire wire;

    HttpControlPlane(Wire wire) {
        this.wire = wire;
    }

    @Override
    public String address() {
        return wire.address().toString();
    }

    @Override
    public Answer<Gone> logout() {
        return wire.perform("POST", "/logout", Optional.empty());
    }

    @Override
    public Answer<Distributions> distributions() {
        return wire.get("/distributions", Distributions.class);
    }

    @Override
    public Answer<Distributions.Item> distribution(String id) {
        return wire.get("/distributions/" + encoded(id), Distributions.Item.class);
    }

    @Override
    public Answer<Versions> distributionVersions(String id) {
        return wire.get("/distributions/" + encoded(id) + "/versions", Versions.class);
    }

    @Override
    public Answer<CachePolicies> cachePolicies() {
        return wire.get("/" + PolicyKind.CACHE.path(), CachePolicies.class);
    }

    @Override
    public Answer<OriginRequestPolicies> originRequestPolicies() {
        return wire.get("/" + PolicyKind.ORIGIN_REQUEST.path(), OriginRequestPolicies.class);
    }

    @Override
    public Answer<ResponseHeadersPolicies> responseHeadersPolicies() {
        return wire.get("/" + PolicyKind.RESPONSE_HEADERS.path(), ResponseHeadersPolicies.class);
    }

    @Override
    public Answer<CachePolicies.Item> cachePolicy(String id) {
        return wire.get(policy(PolicyKind.CACHE, id), CachePolicies.Item.class);
    }

    @Override
    public Answer<OriginRequestPolicies.Item> originRequestPolicy(String id) {
        return wire.get(policy(PolicyKind.ORIGIN_REQUEST, id), OriginRequestPolicies.Item.class);
    }

    @Override
    public Answer<ResponseHeadersPolicies.Item> responseHeadersPolicy(String id) {
        return wire.get(policy(PolicyKind.RESPONSE_HEADERS, id), ResponseHeadersPolicies.Item.class);
    }

    @Override
    public Answer<Versions> policyVersions(PolicyKind kind, String id) {
        return wire.get(policy(kind, id) + "/versions", Versions.class);
    }

    @Override
    public Answer<CachePolicies.Item> createCachePolicy(CachePolicyDocument policy, String comment) {
        return wire.send("POST", "/" + PolicyKind.CACHE.path() + commented(comment), policy, CachePolicies.Item.class);
    }

    @Override
    public Answer<CachePolicies.Item> updateCachePolicy(
            String id, String etag, CachePolicyDocument policy, String comment) {
        return wire.sendIfMatch(
                "PUT", policy(PolicyKind.CACHE, id) + commented(comment), etag, policy, CachePolicies.Item.class);
    }

    @Override
    public Answer<Gone> deletePolicy(PolicyKind kind, String id, String etag) {
        return wire.perform("DELETE", policy(kind, id), Optional.of(etag));
    }

    @Override
    public Answer<Certificates> certificates() {
        return wire.get("/certificates", Certificates.class);
    }

    @Override
    public Answer<Certificates.Item> uploadCertificate(NewCertificate certificate) {
        return wire.send("POST", "/certificates", certificate, Certificates.Item.class);
    }

    @Override
    public Answer<Certificates.Item> replaceCertificate(String id, String etag, NewCertificate certificate) {
        return wire.sendIfMatch("PUT", "/certificates/" + encoded(id), etag, certificate, Certificates.Item.class);
    }

    @Override
    public Answer<Gone> deleteCertificate(String id, String etag) {
        return wire.perform("DELETE", "/certificates/" + encoded(id), Optional.of(etag));
    }

    @Override
    public Answer<Snapshots> snapshots() {
        return wire.get("/snapshots", Snapshots.class);
    }

    @Override
    public Answer<SnapshotDetail> snapshot(long version) {
        return wire.get("/snapshots/" + version, SnapshotDetail.class);
    }

    @Override
    public Answer<Snapshots.Item> publish(String comment) {
        return wire.send("POST", "/snapshots", new NewSnapshot(comment, null), Snapshots.Item.class);
    }

    @Override
    public Answer<Snapshots.Item> publish(String comment, String draft, NewRollout rollout) {
        return wire.sendIfMatch("POST", "/snapshots", draft, new NewSnapshot(comment, rollout), Snapshots.Item.class);
    }

    @Override
    public Answer<Rollouts> rollouts() {
        return wire.get("/rollouts", Rollouts.class);
    }

    @Override
    public Answer<Rollouts.Item> rollout(long version) {
        return wire.get("/rollouts/" + version, Rollouts.Item.class);
    }

    @Override
    public Answer<Rollouts.Item> endRollout(long version, String etag, RolloutEnd end) {
        return wire.sendIfMatch("POST", "/rollouts/" + version + "/" + end.path(), etag, null, Rollouts.Item.class);
    }

    @Override
    public Answer<Distributions.Item> saveDistribution(String id, String etag, String json, String comment) {
        return id.isEmpty()
                ? wire.sendText(
                        "POST", "/distributions" + commented(comment), Optional.empty(), json, Distributions.Item.class)
                : wire.sendText(
                        "PUT",
                        "/distributions/" + encoded(id) + commented(comment),
                        Optional.of(etag),
                        json,
                        Distributions.Item.class);
    }

    @Override
    public Answer<Versions> versions(DocumentKind kind, String id) {
        return wire.get(history(kind, id), Versions.class);
    }

    @Override
    public Answer<VersionDifference> compareVersions(DocumentKind kind, String id, long from, long to) {
        return wire.get(history(kind, id) + "/%d/diff/%d".formatted(from, to), VersionDifference.class);
    }

    @Override
    public Answer<Gone> restore(DocumentKind kind, String id, long version, long newest, String comment) {
        return wire.perform(
                "POST",
                history(kind, id) + "/" + version + "/restore" + commented(comment),
                Optional.of(String.valueOf(newest)));
    }

    private static String history(DocumentKind kind, String id) {
        return "/" + kind.path() + "/" + encoded(id) + "/versions";
    }

    @Override
    public Answer<Draft> draft() {
        return wire.get("/draft", Draft.class);
    }

    @Override
    public Answer<Draft> discardDraft(String etag) {
        return wire.sendText("DELETE", "/draft", Optional.of(etag), "", Draft.class);
    }

    @Override
    public Answer<Snapshots.Item> publish(String comment, String draft) {
        return wire.sendIfMatch("POST", "/snapshots", draft, new NewSnapshot(comment, null), Snapshots.Item.class);
    }

    @Override
    public Answer<SnapshotDifference> compareSnapshots(long from, long to) {
        return wire.get("/snapshots/%d/diff/%d".formatted(from, to), SnapshotDifference.class);
    }

    @Override
    public Answer<Snapshots.Item> rollBack(long snapshot, String comment, String draft) {
        return wire.sendIfMatch(
                "POST",
                "/snapshots/" + snapshot + "/rollback",
                draft,
                new NewSnapshot(comment, null),
                Snapshots.Item.class);
    }

    @Override
    public Answer<Invalidations> invalidations(String distribution, String marker) {
        return wire.get(
                "/distributions/" + encoded(distribution) + "/invalidations?maxItems=20"
                        + (marker.isEmpty() ? "" : "&marker=" + encoded(marker)),
                Invalidations.class);
    }

    @Override
    public Answer<Invalidations.Item> invalidation(String distribution, String id) {
        return wire.get(
                "/distributions/" + encoded(distribution) + "/invalidations/" + encoded(id), Invalidations.Item.class);
    }

    @Override
    public Answer<Invalidations.Item> invalidate(String distribution, List<String> paths, boolean soft) {
        return wire.send(
                "POST",
                "/distributions/" + encoded(distribution) + "/invalidations",
                new NewInvalidation(paths, null, soft ? true : null),
                Invalidations.Item.class);
    }

    @Override
    public Answer<Edges> edges() {
        return wire.get("/edges", Edges.class);
    }

    @Override
    public Answer<Edges.Item> edge(String id) {
        return wire.get("/edges/" + encoded(id), Edges.Item.class);
    }

    @Override
    public Answer<Gone> removeEdge(String id) {
        return wire.perform("DELETE", "/edges/" + encoded(id), Optional.empty());
    }

    @Override
    public Answer<Edges.Item> labelEdge(String id, String etag, Map<String, String> labels) {
        return wire.sendIfMatch("PUT", "/edges/" + encoded(id), etag, new EdgeChange(labels), Edges.Item.class);
    }

    @Override
    public Answer<Edges.Item> drainEdge(String id, boolean drained) {
        return wire.send("POST", "/edges/" + encoded(id) + (drained ? "/drain" : "/undrain"), null, Edges.Item.class);
    }

    @Override
    public Answer<Edges.Item> rotateEdge(String id) {
        return wire.send("POST", "/edges/" + encoded(id) + "/rotate", null, Edges.Item.class);
    }

    @Override
    public Answer<EnrolmentToken> enrolmentToken(NewEnrolmentToken wanted) {
        return wire.send("POST", "/enrolment-tokens", wanted, EnrolmentToken.class);
    }

    @Override
    public Answer<AuditLog> audit() {
        return wire.get("/audit", AuditLog.class);
    }

    @Override
    public Answer<Explanation> explain(ExplainRequest question) {
        return wire.send("POST", "/explain", question, Explanation.class);
    }

    @Override
    public Answer<Metrics> metrics(Duration range, Duration step, Optional<String> distribution) {
        return wire.get(
                "/metrics?range=%ds&step=%ds".formatted(range.toSeconds(), step.toSeconds())
                        + distribution.map(id -> "&distribution=" + encoded(id)).orElse(""),
                Metrics.class);
    }

    private static String policy(PolicyKind kind, String id) {
        return "/" + kind.path() + "/" + encoded(id);
    }

    private static String commented(String comment) {
        return comment.isBlank() ? "" : "?comment=" + encoded(comment);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
