package dev.nearside.edge.origin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// What an address is set apart for, looking through the forms in which IPv6 carries an IPv4 address: a relay on the
/// way would unpack it.
enum ReservedAddress {
    ORDINARY,
    LOOPBACK,
    LINK_LOCAL,
    /// Nothing that anybody could have as an origin, or where a cloud tells secrets to its machines.
    NEVER;

    /// Where clouds answer for metadata outside the link-local ranges: Alibaba, Azure, Oracle.
    private static final Set<String> METADATA_V4 = Set.of("646464c8", "a83f8110", "c00000c0");

    /// The same over IPv6: Amazon twice, Google.
    private static final Set<String> METADATA_V6 = Set.of(
            "fd000ec2000000000000000000000254", "fd000ec2000000000000000000000023", "fd2000ce000000000000000000000254");

    static ReservedAddress of(InetAddress address) {
        return address instanceof Inet6Address ? ofV6(address.getAddress()) : ofV4(address.getAddress());
    }

    private static ReservedAddress ofV4(byte[] address) {
        int first = address[0] & 0xff;
        int second = address[1] & 0xff;
        if (first == 127) return LOOPBACK;
        if (first == 169 && second == 254) return LINK_LOCAL;
        boolean thisNetwork = first == 0;
        boolean multicast = first >= 224 && first < 240;
        boolean broadcast = hex(address).equals("ffffffff");
        return thisNetwork || multicast || broadcast || METADATA_V4.contains(hex(address)) ? NEVER : ORDINARY;
    }

    private static ReservedAddress ofV6(byte[] address) {
        var hex = hex(address);
        if (hex.equals("00000000000000000000000000000001")) return LOOPBACK;
        if (hex.equals("00000000000000000000000000000000") || hex.startsWith("ff")) return NEVER;
        if (METADATA_V6.contains(hex)) return NEVER;
        if (hex.startsWith("fe8") || hex.startsWith("fe9") || hex.startsWith("fea") || hex.startsWith("feb")) {
            return LINK_LOCAL;
        }
        boolean atTheEnd = hex.startsWith("000000000000000000000000") // compatible with IPv4
                || hex.startsWith("00000000000000000000ffff") // mapped
                || hex.startsWith("0000000000000000ffff0000") // translated (RFC 2765)
                || hex.startsWith("0064ff9b") // NAT64 (RFC 6052, RFC 8215)
                || hex.startsWith("00005efe", 16) // ISATAP
                || hex.startsWith("02005efe", 16);
        if (atTheEnd) return ofV4(Arrays.copyOfRange(address, 12, 16));
        if (hex.startsWith("2002")) return ofV4(Arrays.copyOfRange(address, 2, 6)); // 6to4
        if (hex.startsWith("20010000")) return ofTeredo(address);
        return ORDINARY;
    }

    /// The last bytes are the peer's, turned round (RFC 4380).
    private static ReservedAddress ofTeredo(byte[] address) {
        var peer = Arrays.copyOfRange(address, 12, 16);
        for (int i = 0; i < peer.length; i++) peer[i] = (byte) ~peer[i];
        return ofV4(peer);
    }

    private static String hex(byte[] address) {
        return HexFormat.of().formatHex(address);
    }
}
