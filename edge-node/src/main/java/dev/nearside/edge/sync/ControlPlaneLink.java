package dev.nearside.edge.sync;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Contexts;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.ExplainReader;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.Duty;
import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Enrolment;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Question;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This edge's connection to the control plane: enrols once, follows the feed, reports what was applied.
///
/// All of it runs on one Vert.x context, so that events are applied one after the other, in the order of the log.
/// A lost connection is tried again, with back-off, at the next address; viewers never notice.
public final class ControlPlaneLink {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLink.class);

    /// Three heartbeats.
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
    /// As many reports in a row may be refused before another control plane is tried.
    private static final int MOST_REFUSALS = 5;

    /// Enough to see what is wrong with a snapshot; they are told again every second.
    private static final int MOST_PROBLEMS = 20;

    /// How long handshakes may take to go by other certificates.
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /// What an edge is called and how it proves that it may join.
    ///
    /// @param addresses of the control planes, tried in turn
    /// @param enrolmentToken needed only before the first enrolment
    /// @param labels to be chosen by; told with the enrolment, and afterwards changed by operators
    /// @param tls whom the edge believes, and what it shows, where an address begins with `https`
    public record Membership(
            List<URI> addresses,
            String name,
            Supplier<String> enrolmentToken,
            Map<String, String> labels,
            HttpClientOptions tls) {
        public Membership {
            addresses = List.copyOf(addresses);
            labels = Map.copyOf(labels);
        }
    }

    /// The control plane answered, though not as it should.
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status) {
            super("status " + status);
            this.status = status;
        }
    }

    /// Whoever shows certificates to viewers.
    public interface ShownCertificates {

        /// Takes what the control plane has said; blocks.
        void take(CertificatesMessage message);

        /// Completed when handshakes go by what was taken, and by the snapshot that runs.
        Future<Void> settled();

        List<EdgeReport.ShownCertificate> report();
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final Membership membership;
    private final Identity identity;
    private final CacheStore store;
    private final CurrentSnapshot snapshots;
    private final SnapshotFile file;
    private final Trust trust;
    private final ShownCertificates certificates;
    private final Supplier<List<EdgeReport.Counters>> counters;
    private final Supplier<EdgeReport.Service> service;
    private final Function<ExplainRequest, Future<Explanation>> explain;
    private final InstantSource clock;
    private final String runId = UUID.randomUUID().toString();
    private final Instant startTime;

    private int address;
    private Duration wait = FIRST_WAIT;
    private volatile boolean stopped;
    private volatile boolean drained;
    private boolean fetching;
    private boolean reporting;
    private boolean reportAgain;
    private int refusals;
    private @Nullable Enrolled enrolled;
    private EdgeReport.@Nullable Refused refused;
    private @Nullable HttpClientRequest feed;
    private Future<Void> applied = Future.succeededFuture();

    public ControlPlaneLink(
            Vertx vertx,
            Membership membership,
            Identity identity,
            CacheStore store,
            CurrentSnapshot snapshots,
            SnapshotFile file,
            Trust trust,
            ShownCertificates certificates,
            Supplier<List<EdgeReport.Counters>> counters,
            Supplier<EdgeReport.Service> service,
            Function<ExplainRequest, Future<Explanation>> explain,
            InstantSource clock) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(membership.tls());
        this.membership = membership;
        this.identity = identity;
        this.store = store;
        this.snapshots = snapshots;
        this.file = file;
        this.trust = trust;
        this.certificates = certificates;
        this.counters = counters;
        this.service = service;
        this.explain = explain;
        this.clock = clock;
        this.startTime = clock.instant();
    }

    /// Begins to follow; called on the context that all of it is to run on.
    ///
    /// @throws IOException if the identity cannot be read
    public void start() throws IOException {
        enrolled = identity.load().orElse(null);
        vertx.setPeriodic(REPORT_EVERY.toMillis(), _ -> report());
        connect();
    }

    /// Whether an operator has asked that the edge get no new viewers.
    public boolean isDrained() {
        return drained;
    }

    /// Ends the connection; nothing is reported any more.
    public Future<Void> stop() {
        stopped = true;
        if (feed != null) feed.reset();
        return client.close();
    }

    private void connect() {
        if (stopped) return;
        var current = enrolled;
        if (current == null) enrol();
        else follow(current);
    }

    private void enrol() {
        // Left out where there are none: an older control plane does not know of them.
        var labels = membership.labels().isEmpty() ? null : membership.labels();
        var body = Json.write(
                new Enrolment(membership.enrolmentToken().get(), membership.name(), SoftwareVersion.current(), labels));
        post("/edge/v1/enrol", null, body)
                .onSuccess(answer -> {
                    switch (Json.readKnown(answer.getBytes(), Enrolled.class)) {
                        case Checked.Valid<Enrolled>(var who) -> {
                            try {
                                identity.save(who);
                            } catch (IOException e) {
                                LOG.error("The enrolment cannot be saved, so the edge stays out", e);
                                return;
                            }
                            enrolled = who;
                            LOG.info("Enrolled as {} ({})", who.name(), who.edgeId());
                            connect();
                        }
                        case Checked.Invalid<Enrolled>(var problems) ->
                            retry("the answer to the enrolment: " + problems);
                    }
                })
                .onFailure(failure -> retry(
                        failure instanceof Refused refusal && refusal.status == 401
                                ? "enrolment: the control plane does not take the token, which was used, has expired or"
                                        + " is none of its own (expected: a new one in the file of --enrolment-token-file)"
                                : "enrolment: " + why(failure)));
    }

    private void follow(Enrolled who) {
        var position = store.position();
        var lastEvent = position.epoch() + "/" + position.number() + "/" + snapshots.version();
        Future.<Void>succeededFuture()
                .compose(_ -> client.request(to("/edge/v1/feed")
                        .setMethod(HttpMethod.GET)
                        .putHeader("Accept", "text/event-stream")
                        .putHeader("Accept-Encoding", "gzip")
                        .putHeader("Authorization", "Bearer " + who.credential())
                        .putHeader("Last-Event-ID", lastEvent)
                        .setIdleTimeout(SILENCE.toMillis())))
                .compose(request -> {
                    feed = request;
                    return request.send();
                })
                .onSuccess(this::read)
                .onFailure(failure -> retry("feed: " + why(failure)));
    }

    /// Why a call failed; in the words of the operating system nobody finds the address again.
    private @Nullable String why(Throwable failure) {
        var at = membership.addresses().get(address);
        if (failure instanceof ConnectException) return "nobody answers at " + at;
        boolean isDoubted = false;
        var ground = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            isDoubted |= cause instanceof SSLHandshakeException;
            ground = cause;
        }
        if (isDoubted) {
            return "%s is not believed: %s (expected: a certificate for this address, of an authority in --control-plane-ca or known to the Java runtime)"
                    .formatted(at, ground.getMessage());
        }
        return failure.getMessage();
    }

    private void read(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            // Nobody reads the body; and of an end that nobody hears of, Vert.x makes an error in the log.
            response.exceptionHandler(_ -> {});
            response.request().reset();
            retry("feed: status " + response.statusCode()
                    + (response.statusCode() == 401 ? ", this edge is not or no longer enrolled" : ""));
            return;
        }
        LOG.info("Following the feed of {}", membership.addresses().get(address));
        var events = new EventStream();
        var unpacking = new Unpacking();
        boolean isPacked = "gzip".equals(response.getHeader("Content-Encoding"));
        var ended = Promise.<Void>promise();
        var gap = new AtomicBoolean();
        response.exceptionHandler(ended::tryFail);
        response.endHandler(_ -> ended.tryFail(new IOException("ended")));
        response.handler(bytes -> {
            try {
                if (isPacked) unpacking.feed(bytes.getBytes(), piece -> take(events.feed(piece), response, gap));
                else take(events.feed(bytes.getBytes()), response, gap);
            } catch (IllegalStateException e) {
                response.request().reset(0, e);
            }
        });
        ended.future().onFailure(failure -> {
            unpacking.close();
            applied.onComplete(_ -> retry("feed: " + failure.getMessage()));
        });
    }

    private void take(List<EventStream.Event> events, HttpClientResponse response, AtomicBoolean gap) {
        for (var event : events) {
            applied = applied.compose(_ -> gap.get() ? Future.succeededFuture() : apply(event))
                    .recover(failure -> {
                        // What could not be applied must be told again, and nothing after it may be applied
                        // before: a gap in the log would go unnoticed.
                        LOG.warn("The event {} could not be applied", event.name(), failure);
                        gap.set(true);
                        response.request().reset();
                        return Future.succeededFuture();
                    });
        }
    }

    private Future<Void> apply(EventStream.Event event) {
        return switch (event.name()) {
            case "snapshot" -> takeSnapshot(event);
            case "certificates" -> takeCertificates(event);
            case "invalidation" -> {
                var message = read(event, InvalidationMessage.class);
                yield store.apply(message.invalidation().noLaterThan(clock.instant()))
                        .onSuccess(_ -> report());
            }
            case "reset" -> {
                var reset = read(event, Reset.class);
                var position = new LogPosition(reset.epoch(), reset.position());
                LOG.info(
                        "The log is at {}/{}; what was stored before is revalidated once",
                        reset.epoch(),
                        reset.position());
                store.reset(position);
                yield Future.succeededFuture();
            }
            case "caught-up" -> {
                var caughtUp = read(event, CaughtUp.class);
                if (!trust.isCaughtUp()) LOG.info("Caught up with the log at {}", caughtUp.position());
                trust.caughtUp();
                wait = FIRST_WAIT;
                report();
                yield Future.succeededFuture();
            }
            case "hello" -> {
                drained(Boolean.TRUE.equals(read(event, Hello.class).drained()));
                yield Future.succeededFuture();
            }
            case "duty" -> {
                drained(read(event, Duty.class).drained());
                yield Future.succeededFuture();
            }
            case "rotation" -> {
                // The log goes on meanwhile.
                fetchCredential();
                yield Future.succeededFuture();
            }
            case "question" -> {
                // What follows in the log does not wait for the answer.
                consider(event);
                yield Future.succeededFuture();
            }
            default -> Future.succeededFuture(); // what a newer control plane may say
        };
    }

    /// What cannot be read is no gap in the log, and holds keys: nothing of it is logged.
    private Future<Void> takeCertificates(EventStream.Event event) {
        return vertx.<@Nullable Void>executeBlocking(() -> {
                    switch (Json.readKnown(event.data(), CertificatesMessage.class)) {
                        case Checked.Valid<CertificatesMessage>(var message)
                        when CertificateFile.isWhole(message) -> certificates.take(message);
                        case Checked.Valid<CertificatesMessage> _, Checked.Invalid<CertificatesMessage> _ ->
                            LOG.error(
                                    "What the control plane says of certificates cannot be read; those of before stay");
                    }
                    return null;
                })
                .compose(_ -> shown())
                .onSuccess(_ -> report());
    }

    private void drained(boolean now) {
        if (now != drained) LOG.info(now ? "Drained: viewers are to go elsewhere" : "Back in service");
        drained = now;
    }

    /// The old credential is good until the new one is used for the first time: whatever fails here can be tried again.
    private void fetchCredential() {
        var who = enrolled;
        if (stopped || fetching || who == null) return;
        // Of two that are fetched at once the control plane knows the later one alone.
        fetching = true;
        post("/edge/v1/credential", who.credential(), "")
                .onComplete(_ -> fetching = false)
                .compose(answer -> switch (Json.readKnown(answer.getBytes(), Enrolled.class)) {
                    case Checked.Valid<Enrolled>(var fresh) -> Future.succeededFuture(fresh);
                    case Checked.Invalid<Enrolled>(var problems) ->
                        Future.<Enrolled>failedFuture(new IOException(problems.toString()));
                })
                .onSuccess(fresh -> {
                    try {
                        identity.save(fresh);
                    } catch (IOException e) {
                        LOG.error("The new credential cannot be saved, so the old one stays", e);
                        return;
                    }
                    enrolled = fresh;
                    LOG.info("The credential was replaced");
                    report();
                })
                .onFailure(failure -> {
                    LOG.warn("No new credential: {}", failure.getMessage());
                    boolean isOver = failure instanceof Refused refusal && refusal.status / 100 == 4;
                    if (!isOver) vertx.setTimer(LONGEST_WAIT.toMillis(), _ -> fetchCredential());
                });
    }

    /// What cannot be read, as of a later release, is refused like any other bad snapshot. It is no gap in the log, and
    /// what follows is applied.
    private Future<Void> takeSnapshot(EventStream.Event event) {
        return switch (Json.read(event.data(), SnapshotMessage.class)) {
            case Checked.Valid<SnapshotMessage>(var message) -> apply(message);
            case Checked.Invalid<SnapshotMessage>(var problems) -> {
                refuse(read(event, SnapshotMessage.Numbered.class).version(), problems);
                report();
                yield Future.succeededFuture();
            }
        };
    }

    private void refuse(long version, List<Problem> problems) {
        LOG.error("Snapshot {} is refused, the previous one stays: {}", version, problems);
        refused = new EdgeReport.Refused(
                version,
                problems.stream().limit(MOST_PROBLEMS).map(Problem::toString).toList());
    }

    private Future<Void> apply(SnapshotMessage message) {
        if (snapshots.runs(message.version(), message.hash())) {
            refused = null;
            return Future.succeededFuture();
        }
        return vertx.<@Nullable Snapshot>executeBlocking(() -> switch (message.snapshot()) {
                    case Checked.Valid<Snapshot>(var snapshot) -> {
                        save(message);
                        yield snapshot;
                    }
                    case Checked.Invalid<Snapshot>(var problems) -> {
                        refuse(message.version(), problems);
                        yield null;
                    }
                })
                .compose(snapshot -> {
                    if (snapshot != null) {
                        snapshots.swap(snapshot);
                        refused = null;
                        LOG.info("Running snapshot {}", snapshot.version());
                    }
                    return shown();
                })
                .onSuccess(_ -> report());
    }

    /// A host that is said to be served is served over TLS as well. What follows in the log waits no longer than this.
    private Future<Void> shown() {
        return Contexts.here(certificates.settled())
                .timeout(SETTLING.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    /// A disk that takes nothing is no reason to run what is out of date.
    private void save(SnapshotMessage message) {
        try {
            file.save(message);
        } catch (IOException e) {
            LOG.error(
                    "Snapshot {} is run, but a start without the control plane would not know it: {}",
                    message.version(),
                    e.toString());
        }
    }

    /// A question that cannot be read is no gap in the log, and its headers may hold secrets: nothing of it is logged.
    private void consider(EventStream.Event event) {
        switch (Json.read(event.data(), Question.class)) {
            case Checked.Invalid<Question>(var problems) ->
                LOG.warn(
                        "A question cannot be read: {}",
                        problems.stream().map(Problem::path).toList());
            case Checked.Valid<Question>(var question) ->
                Future.<Void>succeededFuture()
                        .compose(_ -> explain(question))
                        .recover(bug -> {
                            LOG.error("Question {} cannot be answered", question.id(), bug);
                            return Future.succeededFuture(
                                    new Answered(question.id(), null, "it failed, its log tells more"));
                        })
                        .onSuccess(this::answer);
        }
    }

    private Future<Answered> explain(Question question) {
        return switch (ExplainReader.read(question.explain())) {
            case Checked.Valid<ExplainRequest>(var request) ->
                explain.apply(request).map(explanation -> new Answered(question.id(), explanation, null));
            case Checked.Invalid<ExplainRequest>(var problems) ->
                Future.succeededFuture(new Answered(question.id(), null, problems.toString()));
        };
    }

    private void answer(Answered answered) {
        var who = enrolled;
        if (stopped || who == null) return;
        post("/edge/v1/answers", who.credential(), Json.write(answered))
                .onFailure(
                        late -> LOG.debug("Answer to {} was not taken: {}", answered.questionId(), late.getMessage()));
    }

    private static <T extends Record> T read(EventStream.Event event, Class<T> type) {
        return switch (Json.readKnown(event.data(), type)) {
            case Checked.Valid<T>(var value) -> value;
            case Checked.Invalid<T>(var problems) ->
                throw new IllegalArgumentException("event " + event.name() + ": " + problems);
        };
    }

    private void retry(String why) {
        if (stopped) return;
        long jittered = ThreadLocalRandom.current().nextLong(wait.toMillis() / 2, wait.toMillis() + 1);
        LOG.warn("{}; trying again in {} ms", why, jittered);
        address = (address + 1) % membership.addresses().size();
        wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        vertx.setTimer(jittered, _ -> connect());
    }

    private void report() {
        var who = enrolled;
        if (stopped || who == null) return;
        if (reporting) {
            reportAgain = true;
            return;
        }
        reporting = true;
        post("/edge/v1/reports", who.credential(), Json.write(report(store.position())))
                .onComplete(sent -> {
                    reporting = false;
                    if (sent.failed()) notTaken(sent.cause());
                    else refusals = 0;
                    if (reportAgain) {
                        reportAgain = false;
                        report();
                    }
                });
    }

    /// A control plane that has lost its database keeps the feed open and can do no more; another one may.
    private void notTaken(Throwable why) {
        LOG.debug("The report was not taken: {}", why.getMessage());
        if (++refusals < MOST_REFUSALS || membership.addresses().size() < 2 || feed == null) return;
        refusals = 0;
        LOG.info("{} has taken no report for a while", membership.addresses().get(address));
        feed.reset();
    }

    private EdgeReport report(LogPosition position) {
        var usage = store.usage();
        var shown = certificates.report();
        return new EdgeReport(
                runId,
                startTime,
                clock.instant(),
                SoftwareVersion.current(),
                snapshots.version(),
                refused,
                position.epoch(),
                position.number(),
                new EdgeReport.Cache(
                        usage.memoryUsed(),
                        usage.memoryLimit(),
                        usage.diskUsed(),
                        usage.diskLimit(),
                        usage.objects(),
                        usage.recovered()),
                counters.get(),
                shown.isEmpty() ? null : shown,
                service.get());
    }

    private Future<Buffer> post(String path, @Nullable String credential, String body) {
        var options = to(path).setMethod(HttpMethod.POST)
                .putHeader("Content-Type", "application/json")
                .setTimeout(SILENCE.toMillis());
        if (credential != null) options.putHeader("Authorization", "Bearer " + credential);
        return client.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(response -> response.body()
                        .compose(answer -> response.statusCode() / 100 == 2
                                ? Future.succeededFuture(answer)
                                : Future.failedFuture(new Refused(response.statusCode()))));
    }

    private RequestOptions to(String path) {
        var uri = membership.addresses().get(address);
        boolean secure = "https".equals(uri.getScheme());
        return new RequestOptions()
                .setHost(uri.getHost())
                .setPort(uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80)
                .setSsl(secure)
                .setURI(path)
                .setConnectTimeout(Duration.ofSeconds(5).toMillis());
    }
}
