package dev.nearside.edge;

import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.accept.TrustedProxies;
import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.edge.store.evict.Goal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a small node in a folder is set up: alone, on free ports, with origins on loopback. A test says what it wants
/// otherwise.
final class SmallNode {

    private static final long MB = 1 << 20;
    private static final EdgeSettings.Address ANY = new EdgeSettings.Address("127.0.0.1", 0);

    private final Path folder;
    private EdgeSettings.Source source;
    private EdgeSettings.Address listen = ANY;
    private Optional<Path> authorities = Optional.empty();
    private Optional<String> via = Optional.empty();
    private Optional<EdgeSettings.Secure> secure = Optional.empty();
    private Duration forHead = Duration.ofSeconds(30);
    private Duration toFinish = Duration.ofSeconds(30);
    private TrustedProxies trusted = TrustedProxies.NONE;
    private Optional<Path> places = Optional.empty();
    private Set<OriginAddresses.Range> opened = Set.of(OriginAddresses.Range.LOOPBACK);
    private LogFormat logFormat = LogFormat.W3C;
    private long memory = 64 * MB;
    private long disk = 256 * MB;

    private SmallNode(Path folder) {
        this.folder = folder;
        this.source = new EdgeSettings.Source.Alone(folder.resolve("nearside.json"), "edge");
    }

    /// Configured by `nearside.json` in the folder.
    static SmallNode in(Path folder) {
        return new SmallNode(folder);
    }

    /// As `edge-1`, enrolled by `token` in the folder.
    SmallNode following(URI controlPlane) {
        source = new EdgeSettings.Source.Following(
                List.of(controlPlane), "edge-1", Optional.of(folder.resolve("token")));
        return this;
    }

    SmallNode following(EdgeSettings.Source.Following controlPlane) {
        source = controlPlane;
        return this;
    }

    SmallNode called(String pseudonym) {
        via = Optional.of(pseudonym);
        return this;
    }

    SmallNode secure(List<Certificates.Pair> certificates, Duration lookAgain) {
        secure = Optional.of(new EdgeSettings.Secure(ANY, certificates, lookAgain));
        return this;
    }

    SmallNode waitingForHeads(Duration patience) {
        forHead = patience;
        return this;
    }

    SmallNode finishingWithin(Duration patience) {
        toFinish = patience;
        return this;
    }

    SmallNode trusting(String block) {
        trusted = new TrustedProxies(List.of(TrustedProxies.Block.parse(block).orElseThrow()));
        return this;
    }

    /// @param database of countries or cities
    SmallNode knowing(Path database) {
        places = Optional.of(database);
        return this;
    }

    SmallNode at(String host, int port) {
        listen = new EdgeSettings.Address(host, port);
        return this;
    }

    SmallNode believing(Path authorities) {
        this.authorities = Optional.of(authorities);
        return this;
    }

    SmallNode withoutOriginsOnLoopback() {
        opened = Set.of();
        return this;
    }

    SmallNode logging(LogFormat format) {
        logFormat = format;
        return this;
    }

    /// In megabytes.
    SmallNode caching(int inMemory, int onDisk) {
        memory = inMemory * MB;
        disk = onDisk * MB;
        return this;
    }

    EdgeSettings settings() {
        return new EdgeSettings(
                source,
                folder.resolve("data"),
                via,
                new EdgeSettings.Viewers(
                        listen,
                        secure,
                        forHead,
                        toFinish,
                        trusted,
                        new EdgeSettings.Geography(places, Optional.empty())),
                new EdgeSettings.Cache(memory, disk, Goal.ORIGIN_REQUESTS),
                new EdgeSettings.Origins(opened, authorities),
                new EdgeSettings.Operators(Optional.of(ANY), Optional.of(logFormat)));
    }

    Edge start() throws IOException {
        return Edge.start(settings());
    }

    Edge start(HandMovedClock clock) throws IOException {
        return Edge.start(settings(), clock, System::nanoTime);
    }
}
