package dev.nearside.edge.store.offheap;

import net.openhft.chronicle.map.ChronicleMapBuilder;

/// Chronicle Map itself: getting it ready takes longer than opening a store.
public final class MapLibrary {

    private MapLibrary() {}

    /// Gets ready while a node that starts does other things; without it the first map that is opened does the same.
    public static void load() {
        ChronicleMapBuilder.of(byte[].class, byte[].class)
                .constantKeySizeBySample(new byte[Long.BYTES])
                .constantValueSizeBySample(new byte[Long.BYTES])
                .entries(1)
                .create()
                .close();
    }
}
