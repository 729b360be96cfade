package dev.nearside.edge.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The addresses behind an origin's name, and whether this node may connect to them (DESIGN §7).
///
/// Private ranges are where a private CDN's origins live. Loopback and link-local addresses, where a host's own
/// services and a cloud's metadata live, need the operator's word. Checked at every connect: a name may come to
/// mean another address after it was saved.
public final class OriginAddresses {

    private static final Duration REMEMBERED = Duration.ofSeconds(10);

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

    private final Vertx vertx;
    private final Set<Range> opened;
    private final Cache<String, List<InetAddress>> known = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(10_000)
            .build();

    public OriginAddresses(Vertx vertx, Set<Range> opened) {
        this.vertx = vertx;
        this.opened = Set.copyOf(opened);
    }

    /// The addresses of a name or literal; fails if there are none.
    public Future<List<InetAddress>> resolve(String name) {
        var remembered = known.getIfPresent(name);
        if (remembered != null) return Future.succeededFuture(remembered);
        return vertx.executeBlocking(
                        () -> {
                            var addresses = List.of(InetAddress.getAllByName(name));
                            known.put(name, addresses);
                            return addresses;
                        },
                        false)
                .map(addresses -> Objects.requireNonNull(addresses, "the code above returns a list"));
    }

    public boolean mayConnectTo(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) return opened.contains(Range.LOOPBACK);
        if (address.isLinkLocalAddress()) return opened.contains(Range.LINK_LOCAL);
        return !address.isMulticastAddress() && !isMetadata(address);
    }

    /// The address that clouds answer metadata on over IPv6; over IPv4 it is link-local.
    private static boolean isMetadata(InetAddress address) {
        return address.getHostAddress().equals("fd00:ec2:0:0:0:0:0:254");
    }
}
