package dev.nearside.admin.control;

import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Metrics;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.NewEnrolmentToken;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.OriginRequestPolicies;
import dev.nearside.model.wire.api.ResponseHeadersPolicies;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one signed-in person can ask of the control plane, in the words of its API.
public interface ControlPlane {

    /// Where the API answers; for the commands that the pages show.
    String address();

    Answer<Gone> logout();

    Answer<Distributions> distributions();

    Answer<Distributions.Item> distribution(String id);

    Answer<Versions> distributionVersions(String id);

    Answer<CachePolicies> cachePolicies();

    Answer<OriginRequestPolicies> originRequestPolicies();

    Answer<ResponseHeadersPolicies> responseHeadersPolicies();

    Answer<CachePolicies.Item> cachePolicy(String id);

    Answer<OriginRequestPolicies.Item> originRequestPolicy(String id);

    Answer<ResponseHeadersPolicies.Item> responseHeadersPolicy(String id);

    Answer<Versions> policyVersions(PolicyKind kind, String id);

    Answer<CachePolicies.Item> createCachePolicy(CachePolicyDocument policy, String comment);

    /// Saves a new version, unless somebody else did since `etag` was read: then it is refused as a conflict.
    Answer<CachePolicies.Item> updateCachePolicy(String id, String etag, CachePolicyDocument policy, String comment);

    Answer<Gone> deletePolicy(PolicyKind kind, String id, String etag);

    Answer<Certificates> certificates();

    Answer<Certificates.Item> uploadCertificate(NewCertificate certificate);

    /// Saves a new version, unless somebody else did since `etag` was read.
    Answer<Certificates.Item> replaceCertificate(String id, String etag, NewCertificate certificate);

    Answer<Gone> deleteCertificate(String id, String etag);

    Answer<Snapshots> snapshots();

    Answer<SnapshotDetail> snapshot(long version);

    Answer<Snapshots.Item> publish(String comment);

    /// Publishes what was looked at, for some edges to try before the others get it.
    Answer<Snapshots.Item> publish(String comment, String draft, NewRollout rollout);

    Answer<Rollouts> rollouts();

    Answer<Rollouts.Item> rollout(long version);

    /// Ends a rollout by hand, unless it has left the state that `etag` names.
    Answer<Rollouts.Item> endRollout(long version, String etag, RolloutEnd end);

    /// How a rollout is ended by hand.
    enum RolloutEnd {
        /// Every edge gets the snapshot that was tried.
        PROMOTE("promote"),
        /// Every edge gets the content of the snapshot before.
        ABORT("abort");

        private final String path;

        RolloutEnd(String path) {
            this.path = path;
        }

        String path() {
            return path;
        }
    }

    /// Saves JSON as the next version of a distribution; the first version of a new one if `id` is empty.
    Answer<Distributions.Item> saveDistribution(String id, String etag, String json, String comment);

    /// The versions of a document, newest first.
    Answer<Versions> versions(DocumentKind kind, String id);

    Answer<VersionDifference> compareVersions(DocumentKind kind, String id, long from, long to);

    /// Saves an earlier version as the next, unless somebody else saved one since `newest`.
    Answer<Gone> restore(DocumentKind kind, String id, long version, long newest, String comment);

    /// What is saved and not published.
    Answer<Draft> draft();

    /// Brings every document back to what is published.
    Answer<Draft> discardDraft(String etag);

    /// Publishes what was looked at, and nothing that was saved since.
    Answer<Snapshots.Item> publish(String comment, String draft);

    Answer<SnapshotDifference> compareSnapshots(long from, long to);

    /// Publishes the content of an earlier snapshot anew; gives up the draft that was looked at.
    Answer<Snapshots.Item> rollBack(long snapshot, String comment, String draft);

    /// A page of history, newest first.
    ///
    /// @param marker of the page, as the one before it said; empty for the first
    Answer<Invalidations> invalidations(String distribution, String marker);

    Answer<Invalidations.Item> invalidation(String distribution, String id);

    Answer<Invalidations.Item> invalidate(String distribution, List<String> paths, boolean soft);

    Answer<Edges> edges();

    Answer<Edges.Item> edge(String id);

    Answer<Gone> removeEdge(String id);

    /// Gives an edge these labels and no others, unless somebody decided something else since `etag` was read.
    Answer<Edges.Item> labelEdge(String id, String etag, Map<String, String> labels);

    /// Takes an edge out of service, or back into it.
    Answer<Edges.Item> drainEdge(String id, boolean drained);

    /// Lets an edge fetch a new credential.
    Answer<Edges.Item> rotateEdge(String id);

    Answer<EnrolmentToken> enrolmentToken(NewEnrolmentToken wanted);

    /// Who changed what, newest first; for admins.
    Answer<AuditLog> audit();

    /// What an edge would do with a viewer's request, and why.
    Answer<Explanation> explain(ExplainRequest question);

    /// What the edges answered in the time until now, in steps.
    Answer<Metrics> metrics(Duration range, Duration step, Optional<String> distribution);

    /// Done, and there is nothing to show for it.
    record Gone() {}
}
