package dev.nearside.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether the addresses that an edge is to listen on are free, looked at before anything is made that takes its time.
final class Ports {

    private Ports() {}

    /// Why an edge cannot listen where it is to, for the operator; none if it can.
    static List<String> problems(EdgeSettings settings) {
        var asked = new LinkedHashMap<String, EdgeSettings.Address>();
        asked.put("--listen", settings.viewers().listen());
        settings.viewers().secure().ifPresent(secure -> asked.put("--listen-tls", secure.listen()));
        settings.operators().management().ifPresent(where -> asked.put("--metrics", where));
        return asked.entrySet().stream()
                .filter(each -> each.getValue().port() != 0)
                .flatMap(each -> problem(each.getKey(), each.getValue(), asked).stream())
                .toList();
    }

    /// What is said of an address that cannot be listened on.
    static String complaint(String option, EdgeSettings.Address where, String why) {
        return "%s: %s:%d (expected: an address of this machine with a free port): %s"
                .formatted(option, where.host(), where.port(), why);
    }

    private static Optional<String> problem(
            String option, EdgeSettings.Address where, Map<String, EdgeSettings.Address> asked) {
        for (var other : asked.entrySet()) {
            if (other.getKey().equals(option)) break;
            if (other.getValue().equals(where)) {
                return Optional.of(complaint(option, where, "it is the one of " + other.getKey()));
            }
        }
        // Bound only, so that no viewer is taken in; as servers do it, whatever connections of before still linger.
        try (var probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(where.host(), where.port()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(complaint(option, where, String.valueOf(e.getMessage())));
        }
    }
}
