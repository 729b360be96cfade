package dev.nearside.edge.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.nearside.edge.store.Contexts;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses behind an origin's name, and whether this node may connect to them (DESIGN §7).
///
/// Private ranges are where a private CDN's origins live. Loopback and link-local addresses, where a host's own
/// services and a cloud's metadata live, need the operator's word. Checked at every connect: a name may come to
/// mean another address after it was saved.
///
/// A name is looked up again every ten seconds while it is in use, beside the requests and not before them. While
/// that fails, the last known addresses serve for ten minutes.
public final class OriginAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(OriginAddresses.class);

    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    /// Used once more while it is being looked up again.
    private static final Duration USABLE = Duration.ofMinutes(1);
    /// Used where looking up fails.
    private static final Duration LAST_KNOWN = Duration.ofMinutes(10);

    /// A range that an operator may open.
    public enum Range {
        LOOPBACK,
        LINK_LOCAL;

        /// Reads `loopback` or `link-local`.
        public static Optional<Range> parse(String text) {
            return Arrays.stream(values())
                    .filter(range -> range.word().equals(text))
                    .findFirst();
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// Asks the system what a name means; blocks.
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    private final Vertx vertx;
    private final Set<Range> opened;
    private final InstantSource clock;
    private final Lookup lookup;
    private final Cache<String, Name> names = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofHours(1))
            .maximumSize(10_000)
            .build();

    public OriginAddresses(Vertx vertx, Set<Range> opened, InstantSource clock) {
        this(vertx, opened, clock, InetAddress::getAllByName);
    }

    OriginAddresses(Vertx vertx, Set<Range> opened, InstantSource clock, Lookup lookup) {
        this.vertx = vertx;
        this.opened = Set.copyOf(opened);
        this.clock = clock;
        this.lookup = lookup;
    }

    /// The addresses of a name or literal, of both families in turn; fails if there are none.
    public Future<List<InetAddress>> resolve(String name) {
        return Objects.requireNonNull(names.get(name, Name::new), "made where it is missing")
                .addresses();
    }

    /// What is known of one name.
    private final class Name {
        private final String name;
        private @Nullable Known known;
        private @Nullable Future<List<InetAddress>> asking;
        private Instant askedInVain = Instant.MIN;

        private record Known(List<InetAddress> addresses, Instant since) {}

        Name(String name) {
            this.name = name;
        }

        synchronized Future<List<InetAddress>> addresses() {
            var now = clock.instant();
            var last = known;
            if (last == null) return Contexts.here(ask(now));
            var age = Duration.between(last.since(), now);
            var inVain = Duration.between(askedInVain, now);
            boolean fresh = age.compareTo(REMEMBERED) < 0;
            boolean failing = inVain.compareTo(REMEMBERED) < 0 && age.compareTo(LAST_KNOWN) < 0;
            if (fresh || failing) return Future.succeededFuture(last.addresses());
            var asked = ask(now);
            if (age.compareTo(USABLE) < 0) return Future.succeededFuture(last.addresses());
            if (age.compareTo(LAST_KNOWN) >= 0) return Contexts.here(asked);
            return Contexts.here(asked.otherwise(last.addresses()));
        }

        /// One look-up at a time.
        private Future<List<InetAddress>> ask(Instant now) {
            if (asking != null) return asking;
            var asked = vertx.executeBlocking(() -> inTurn(lookup.addresses(name)), false)
                    .map(found -> Objects.requireNonNull(found, "a look-up returns a list or throws"));
            asking = asked;
            asked.onComplete(found -> learn(found, now));
            return asked;
        }

        private synchronized void learn(AsyncResult<List<InetAddress>> found, Instant asked) {
            asking = null;
            if (found.succeeded()) {
                known = new Known(found.result(), asked);
            } else {
                askedInVain = asked;
                LOG.warn("Origin {} cannot be looked up: {}", name, String.valueOf(found.cause()));
            }
        }
    }

    /// Beginning with the family that the system prefers; a second attempt then goes to the other one.
    private static List<InetAddress> inTurn(InetAddress[] found) {
        var preferred = new ArrayList<InetAddress>();
        var other = new ArrayList<InetAddress>();
        for (var address : found) {
            boolean same = (address instanceof Inet6Address) == (found[0] instanceof Inet6Address);
            (same ? preferred : other).add(address);
        }
        var merged = new ArrayList<InetAddress>(found.length);
        for (int i = 0; i < Math.max(preferred.size(), other.size()); i++) {
            if (i < preferred.size()) merged.add(preferred.get(i));
            if (i < other.size()) merged.add(other.get(i));
        }
        return List.copyOf(merged);
    }

    public boolean mayConnectTo(InetAddress address) {
        return switch (ReservedAddress.of(address)) {
            case ORDINARY -> true;
            case LOOPBACK -> opened.contains(Range.LOOPBACK);
            case LINK_LOCAL -> opened.contains(Range.LINK_LOCAL);
            case NEVER -> false;
        };
    }
}
