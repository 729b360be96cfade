package dev.nearside.control.configuration;

import java.util.List;
import java.util.Optional;

/// What is saved, and what is published of it.
public interface Reading {

    /// The latest versions of all documents that are not deleted, as they stood at one moment.
    List<Version> latest();

    /// What the current snapshot holds.
    Published published();

    /// What a snapshot was compiled from; empty if there is no such snapshot.
    Optional<Published> inSnapshot(long number);

    Optional<Version> findVersion(Kind kind, String id, int number);
}
