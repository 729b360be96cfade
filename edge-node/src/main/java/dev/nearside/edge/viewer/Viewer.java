package dev.nearside.edge.viewer;

import dev.nearside.edge.http.ViewerRequest;
import java.util.Optional;
import java.util.function.Supplier;

/// Whom something is to be told of.
///
/// @param request as it came, before anything was added to it
/// @param tls as `version:cipher:handshake`, empty in clear text; asked for only where a policy wants it
public record Viewer(ViewerRequest request, Supplier<Optional<String>> tls) {}
