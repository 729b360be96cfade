package dev.nearside.control.configuration;

import java.util.List;

/// The versions that a snapshot was compiled from.
///
/// @param snapshot its number; 0 while nothing is published
public record Published(long snapshot, List<Version> versions) {
    public static final Published NOTHING = new Published(0, List.of());

    public Published {
        versions = List.copyOf(versions);
    }
}
