package dev.nearside.control.persistence;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which database a control plane lives on.
public sealed interface DatabaseSettings {

    /// An H2 database in a directory of its own, for one control plane.
    record InDirectory(Path directory) implements DatabaseSettings {}

    /// A PostgreSQL server, which several control planes may share.
    ///
    /// @param url as the driver reads it, without a password
    record OnPostgres(String url, Optional<String> user, Optional<String> password) implements DatabaseSettings {
        /// The password is for the driver alone.
        @Override
        public String toString() {
            return "OnPostgres[" + url + "]";
        }
    }

    String EXPECTED = "jdbc:postgresql://HOST[:PORT][,HOST…]/DATABASE[?…]";

    /// Reads what an operator says of a PostgreSQL server.
    ///
    /// A password in the URL would stand in the list of processes and in logs; it is refused, and not repeated.
    static Checked<DatabaseSettings> postgres(String url, Optional<String> user, Optional<String> password) {
        return problem(url)
                .<Checked<DatabaseSettings>>map(
                        problem -> new Checked.Invalid<>(List.of(new Problem("--database", problem))))
                .orElseGet(() -> new Checked.Valid<>(new OnPostgres(url, user, password)));
    }

    private static Optional<String> problem(String url) {
        var prefix = "jdbc:postgresql://";
        var lower = url.toLowerCase(Locale.ROOT);
        int query = url.indexOf('?');
        var place = query < 0 ? url : url.substring(0, query);
        if (place.indexOf('@') >= 0 || lower.contains("password")) {
            return Optional.of("the URL holds a password (expected: --database-password-file FILE, or"
                    + " NEARSIDE_DATABASE_PASSWORD in the environment)");
        }
        if (!url.startsWith(prefix)) return Optional.of("\"%s\" (expected: %s)".formatted(url, EXPECTED));
        var rest = place.substring(prefix.length());
        int slash = rest.indexOf('/');
        boolean isComplete = slash > 0 && slash < rest.length() - 1 && rest.indexOf('/', slash + 1) < 0;
        if (!isComplete || !isUrl(url)) return Optional.of("\"%s\" (expected: %s)".formatted(url, EXPECTED));
        return Optional.empty();
    }

    /// Several hosts are no authority of a URI, and are fine.
    private static boolean isUrl(String url) {
        try {
            return new URI(url.substring("jdbc:".length())).getScheme() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
