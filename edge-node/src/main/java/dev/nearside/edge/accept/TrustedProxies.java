package dev.nearside.edge.accept;

import dev.nearside.edge.http.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Proxies before this node that the operator trusts to say whom they speak for. Anybody else who says so is not
/// believed: an address is what logs, rules and origins know a viewer by.
public record TrustedProxies(List<Block> blocks) {

    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final String CHAIN = "X-Forwarded-For";

    /// Addresses that begin with the same bits.
    public record Block(InetAddress first, int bits) {

        /// Reads `10.0.0.0/8`, `fd00::/8` or one address.
        public static Optional<Block> parse(String text) {
            int slash = text.indexOf('/');
            var address =
                    literal(slash < 0 ? text.strip() : text.substring(0, slash).strip());
            if (address.isEmpty()) return Optional.empty();
            int most = address.get().getAddress().length * 8;
            if (slash < 0) return Optional.of(new Block(address.get(), most));
            try {
                int bits = Integer.parseInt(text.substring(slash + 1).strip());
                return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Block(address.get(), bits));
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }

        boolean holds(InetAddress address) {
            var ours = first.getAddress();
            var theirs = address.getAddress();
            if (ours.length != theirs.length) return false;
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit));
                if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) return false;
            }
            return true;
        }
    }

    /// Whom a request is from.
    ///
    /// @param port 0 if it is not known
    /// @param scheme as the proxy says, if it is trusted and does
    /// @param headers with an `X-Forwarded-For` only where it may go on, this peer appended
    record Viewer(String address, int port, Optional<String> scheme, Headers headers) {}

    public TrustedProxies {
        blocks = List.copyOf(blocks);
    }

    /// The right-most address of the chain that is not trusted: all before it is what that one says.
    Viewer viewer(String peer, int port, Headers headers) {
        if (blocks.isEmpty() || !trusts(literal(peer))) {
            return new Viewer(peer, port, Optional.empty(), headers.without(CHAIN));
        }
        var chain = headers.joined(CHAIN).filter(said -> !said.isBlank());
        var appended = headers.with(CHAIN, chain.map(said -> said + ", " + peer).orElse(peer));
        var viewer = peer;
        var entries = chain.orElse("").split(",", -1);
        for (int i = entries.length - 1; i >= 0; i--) {
            var address = literal(withoutPort(entries[i].strip()));
            if (address.isEmpty()) break;
            viewer = address.get().getHostAddress();
            if (!trusts(address)) break;
        }
        return new Viewer(viewer, viewer.equals(peer) ? port : 0, scheme(headers), appended);
    }

    /// What the nearest proxy says, who speaks last.
    private static Optional<String> scheme(Headers headers) {
        return headers.joined("X-Forwarded-Proto")
                .map(said -> said.substring(said.lastIndexOf(',') + 1).strip().toLowerCase(Locale.ROOT))
                .filter(said -> said.equals("http") || said.equals("https"));
    }

    private boolean trusts(Optional<InetAddress> address) {
        return address.isPresent() && blocks.stream().anyMatch(block -> block.holds(address.get()));
    }

    private static String withoutPort(String entry) {
        if (entry.startsWith("[")) {
            int end = entry.indexOf(']');
            return end < 0 ? entry : entry.substring(1, end);
        }
        int colon = entry.indexOf(':');
        return colon >= 0 && colon == entry.lastIndexOf(':') ? entry.substring(0, colon) : entry;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
