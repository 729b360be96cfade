package dev.nearside.model.distribution;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// The names that a certificate was made for (RFC 9525, section 6.3): host names, wildcards for one label, addresses.
///
/// @param names as its `subjectAltName` lists them, in lower case
public record CertificateNames(List<String> names) {

    private static final int GROUPS = 8;

    public CertificateNames {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /// Whether viewers who ask for this alias find it in the certificate. A wildcard among the aliases needs the same
    /// wildcard in the certificate.
    public boolean covers(HostName alias) {
        return names.stream().anyMatch(name -> matches(name, alias.value()));
    }

    private static boolean matches(String name, String alias) {
        if (name.equals(alias)) return true;
        if (alias.startsWith("["))
            return name.indexOf(':') >= 0 && written(name).equals(written(alias));
        int dot = alias.indexOf('.');
        return name.startsWith("*.")
                && dot > 0
                && !alias.startsWith("*.")
                && !HostName.isIpLiteral(alias)
                && alias.substring(dot).equals(name.substring(1));
    }

    /// An IPv6 address with all its groups.
    private static List<String> written(String address) {
        var bare = address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
        int gap = bare.indexOf("::");
        if (gap < 0) return groups(bare);
        var before = groups(bare.substring(0, gap));
        var after = groups(bare.substring(gap + 2));
        var all = new ArrayList<>(before);
        all.addAll(Collections.nCopies(Math.max(0, GROUPS - before.size() - after.size()), "0"));
        all.addAll(after);
        return all;
    }

    private static List<String> groups(String part) {
        if (part.isEmpty()) return List.of();
        var groups = new ArrayList<String>();
        for (var group : part.split(":", -1)) groups.add(group.replaceFirst("^0+(?=.)", ""));
        return groups;
    }
}
