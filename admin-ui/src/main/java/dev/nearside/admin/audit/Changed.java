package dev.nearside.admin.audit;

import dev.nearside.admin.component.Places;
import dev.nearside.admin.control.DocumentKind;
import dev.nearside.model.wire.api.AuditLog;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where the console shows what an entry of the audit log changed.
///
/// Entries are sentences for people. One that says nothing of versions, or says it in another way, has no such place.
final class Changed {

    private static final Pattern DOCUMENT = Pattern.compile(".* ([A-Za-z0-9-]{1,64}), version ([0-9]{1,9})");
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot ([0-9]{1,9})");

    private Changed() {}

    static Optional<String> by(AuditLog.Item item) {
        var document = DOCUMENT.matcher(item.subject());
        if (item.action().startsWith("update ") && document.matches()) {
            var version = Long.parseLong(document.group(2));
            return kind(item.action().substring("update ".length()))
                    .filter(_ -> version > 1)
                    .map(kind -> Places.versions(kind.path(), document.group(1), version - 1, version));
        }
        var snapshot = SNAPSHOT.matcher(item.subject());
        if (snapshot.matches() && Long.parseLong(snapshot.group(1)) > 1) {
            var version = Long.parseLong(snapshot.group(1));
            return Optional.of(Places.snapshots(version - 1, version));
        }
        return Optional.empty();
    }

    private static Optional<DocumentKind> kind(String words) {
        return DocumentKind.of(words.replace(' ', '-'));
    }
}
