package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.origin.HealthCheck;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.Timeouts;
import dev.nearside.model.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks origins whether they are well, as often as the snapshot that is run says ({@link HealthCheck}).
public final class HealthChecks {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final Vertx vertx;
    private final OriginClient client;
    private volatile Map<Subject, Check> checks = Map.of();

    private record Subject(DistributionId distribution, OriginId origin) {}

    /// What is known of one origin that is being checked.
    public record State(String distribution, String origin, boolean well) {}

    public HealthChecks(Vertx vertx, OriginClient client) {
        this.vertx = vertx;
        this.client = client;
    }

    /// Checks what this snapshot wants checked, and nothing else any more. What has not changed goes on.
    public synchronized void follow(Snapshot snapshot) {
        var next = new HashMap<Subject, Check>();
        for (var distribution : snapshot.distributions()) {
            if (!distribution.enabled()) continue;
            for (var origin : distribution.origins()) {
                if (origin.healthCheck().isEmpty()) continue;
                var subject = new Subject(distribution.id(), origin.id());
                var running = checks.get(subject);
                next.put(
                        subject,
                        running != null && running.origin.equals(origin)
                                ? running
                                : new Check(
                                        subject, origin, origin.healthCheck().get()));
            }
        }
        var before = checks;
        checks = Map.copyOf(next);
        before.forEach((subject, check) -> {
            if (next.get(subject) != check) check.stop();
        });
        next.forEach((subject, check) -> {
            if (before.get(subject) != check) vertx.runOnContext(_ -> check.ask());
        });
    }

    /// Ends all checks.
    public synchronized void close() {
        checks.values().forEach(Check::stop);
        checks = Map.of();
    }

    /// Whether its checks fail; an origin without any is taken for well.
    boolean isIll(DistributionId distribution, OriginId origin) {
        if (checks.isEmpty()) return false;
        var check = checks.get(new Subject(distribution, origin));
        return check != null && !check.well;
    }

    public List<State> states() {
        var states = new ArrayList<State>();
        checks.forEach((subject, check) -> states.add(
                new State(subject.distribution().value(), subject.origin().value(), check.well)));
        return states;
    }

    private final class Check {
        private final Subject subject;
        private final Origin origin;
        private final HealthCheck rule;
        private final Origin asked;
        private int inARow;
        private volatile boolean well = true;
        private volatile boolean stopped;

        Check(Subject subject, Origin origin, HealthCheck rule) {
            this.subject = subject;
            this.origin = origin;
            this.rule = rule;
            var patience = new Timeouts(
                    1,
                    shorter(rule.timeout(), origin.timeouts().connect()),
                    rule.timeout(),
                    Duration.ofSeconds(5),
                    Optional.of(rule.timeout()));
            this.asked = new Origin(
                    origin.id(),
                    origin.domainName(),
                    "",
                    origin.customHeaders(),
                    origin.protocolPolicy(),
                    origin.httpPort(),
                    origin.httpsPort(),
                    patience,
                    Optional.empty());
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        void stop() {
            stopped = true;
        }

        void ask() {
            if (stopped) return;
            var to = OriginAddress.of(asked, "http");
            client.ask(asked, to, request(to), Optional.empty(), Optional.empty())
                    .compose(this::complaint)
                    .onSuccess(this::learn)
                    .onComplete(_ -> vertx.setTimer(rule.interval().toMillis(), _ -> ask()));
        }

        private ForwardedRequest request(OriginAddress to) {
            var headers = Headers.of(
                    "Host",
                    to.authority(),
                    "User-Agent",
                    "nearside-health",
                    CdnLoop.NAME,
                    CdnLoop.appended(Optional.empty(), subject.distribution()));
            for (var header : asked.customHeaders()) headers = headers.with(header.name(), header.value());
            return new ForwardedRequest("GET", rule.path(), headers);
        }

        /// Empty if all is well.
        private Future<Optional<String>> complaint(OriginOutcome outcome) {
            return switch (outcome) {
                case OriginOutcome.Answered answered when answered.status() < 400 -> drained(answered.body());
                case OriginOutcome.Answered answered -> {
                    answered.discard();
                    yield Future.succeededFuture(Optional.of("status " + answered.status()));
                }
                case OriginOutcome.Failed failed -> Future.succeededFuture(Optional.of(failed.toString()));
            };
        }

        private static Future<Optional<String>> drained(BodyReader body) {
            return body.next()
                    .compose(bytes -> {
                        boolean more = bytes.isReadable();
                        bytes.release();
                        return more ? drained(body) : Future.succeededFuture(Optional.<String>empty());
                    })
                    .otherwise(broken -> Optional.of(broken.toString()));
        }

        private void learn(Optional<String> complaint) {
            if (stopped) return;
            if (complaint.isEmpty() == well) {
                inARow = 0;
                return;
            }
            inARow++;
            if (well && inARow >= rule.unhealthyThreshold()) {
                LOG.warn("Origin {} of {} is ill: {}", origin.id(), subject.distribution(), complaint.orElse(""));
            } else if (!well && inARow >= rule.healthyThreshold()) {
                LOG.info("Origin {} of {} is well again", origin.id(), subject.distribution());
            } else {
                return;
            }
            well = !well;
            inARow = 0;
        }
    }
}
