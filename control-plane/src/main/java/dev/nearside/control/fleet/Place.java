package dev.nearside.control.fleet;

import java.util.Optional;

/// How far an edge has followed the feed; written as `<epoch>/<position>/<snapshot>` in an event's id.
record Place(String epoch, long position, long snapshotVersion) {

    static Optional<Place> parse(String eventId) {
        var parts = eventId.split("/", -1);
        if (parts.length != 3) return Optional.empty();
        try {
            var place = new Place(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            return place.position < 0 || place.snapshotVersion < 0 ? Optional.empty() : Optional.of(place);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    String eventId() {
        return epoch + "/" + position + "/" + snapshotVersion;
    }

    /// Whether the log can carry an edge on from here without leaving anything out.
    ///
    /// A position beyond the head was given by a log that lost its end, as after a restore from a backup.
    boolean continuesIn(FeedLog.Head head) {
        return epoch.equals(head.epoch()) && position >= head.oldestPosition() - 1 && position <= head.position();
    }

    Place at(long newPosition) {
        return new Place(epoch, newPosition, snapshotVersion);
    }

    Place withSnapshot(long newSnapshotVersion) {
        return new Place(epoch, position, newSnapshotVersion);
    }
}
