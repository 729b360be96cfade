package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a tier on disk will be when it is opened, and what becomes of the one that is there.
///
/// @param dropped names of the shards that are there and go, with what is in them
/// @param droppedBytes what they take
/// @param refusal why the disk is too small for it
/// @param shortage what is missing on the disk for a tier that is used all the same
public record DiskPlan(
        List<Part> shards,
        List<String> dropped,
        long droppedBytes,
        Optional<String> refusal,
        Optional<String> shortage) {

    /// In bytes: what one cell holds.
    public static final int CELL = Geometry.CELL;

    /// One shard.
    ///
    /// @param isNew whether it begins empty
    /// @param bytes reserved on the disk
    /// @param objectLimit in bytes: the largest body that it stores
    public record Part(boolean isNew, long bytes, int cells, long objectLimit) {
        private static Part of(boolean isNew, ShardFolder folder) {
            var geometry = folder.geometry();
            return new Part(isNew, geometry.bytes(), geometry.cells(), geometry.objectLimit());
        }
    }

    public DiskPlan {
        shards = List.copyOf(shards);
        dropped = List.copyOf(dropped);
    }

    /// @param bytes that were asked for
    static DiskPlan of(Composition composition, long bytes) throws IOException {
        var shards = new ArrayList<Part>();
        for (var folder : composition.kept()) shards.add(Part.of(false, folder));
        for (var folder : composition.made()) shards.add(Part.of(true, folder));
        var dropped = composition.dropped();
        long droppedBytes = 0;
        for (var folder : dropped) droppedBytes += ShardFolder.size(folder);
        var room = DiskRoom.of(composition.directory(), bytes, composition.shards(), composition.freed());
        var complaint = Optional.of(room).filter(DiskRoom::isShort).map(DiskRoom::complaint);
        return new DiskPlan(
                shards,
                dropped.stream().map(Path::getFileName).map(Path::toString).toList(),
                droppedBytes,
                complaint.filter(_ -> room.isRefused()),
                complaint.filter(_ -> !room.isRefused()));
    }

    /// What all shards take together.
    public long bytes() {
        return shards.stream().mapToLong(Part::bytes).sum();
    }

    public long cells() {
        return shards.stream().mapToLong(Part::cells).sum();
    }

    /// How many shards are there and stay, with what is in them.
    public int kept() {
        return (int) shards.stream().filter(shard -> !shard.isNew()).count();
    }
}
