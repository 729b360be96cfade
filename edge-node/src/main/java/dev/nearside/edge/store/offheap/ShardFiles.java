package dev.nearside.edge.store.offheap;

import java.io.IOException;

/// The open files of a shard.
record ShardFiles(MapFile records, BlockFile blocks, DirtyMark mark) {

    /// Something that changes the files.
    @FunctionalInterface
    interface Change {
        void apply() throws IOException;
    }

    /// Changes the files under the mark.
    void writing(Change change) throws IOException {
        mark.begin();
        try {
            change.apply();
        } catch (InternalError e) {
            // This is how the JVM reports a page of a mapped file that the device did not take.
            throw new IOException("the device failed", e);
        } finally {
            mark.end();
        }
    }

    void force() throws IOException {
        blocks.map().force();
        records.force();
    }

    void close() {
        records.close();
        blocks.close();
    }
}
