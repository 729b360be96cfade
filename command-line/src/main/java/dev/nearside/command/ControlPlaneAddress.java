package dev.nearside.command;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Where a control plane is, as somebody typed it.
public final class ControlPlaneAddress {

    private ControlPlaneAddress() {}

    /// What is wrong with it, to be said behind the name of its option; empty if nothing is.
    ///
    /// @param allowPlainHttp whether what is said to other machines may be said in the clear
    public static Optional<String> problem(URI address, boolean allowPlainHttp) {
        if (address.getHost() == null || !List.of("http", "https").contains(address.getScheme())) {
            return Optional.of("%s (expected: http://HOST:PORT or https://…)".formatted(address));
        }
        if (allowPlainHttp || "https".equals(address.getScheme()) || isOnThisMachine(address.getHost())) {
            return Optional.empty();
        }
        return Optional.of(
                ("%s is on another machine (expected: https://…; or --allow-plain-http, where nobody else can"
                                + " reach the network between)")
                        .formatted(address));
    }

    /// Whether a host, as it stands in a URL or in an option, is the machine itself; no name is looked up.
    public static boolean isOnThisMachine(String host) {
        return host.equals("localhost")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}")
                || host.equals("[::1]")
                || host.equals("::1");
    }
}
