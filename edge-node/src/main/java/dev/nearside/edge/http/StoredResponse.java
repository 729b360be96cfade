package dev.nearside.edge.http;

import java.time.Instant;

/// The head of a stored response with the times that its age is computed from (RFC 9111, section 4.2.3).
///
/// @param headers as the origin sent them, less those that must not be stored (RFC 9111, section 3.1)
/// @param requestedAt when the request that brought it was sent
/// @param receivedAt when its head arrived
/// @param position the log position known when the fetch began
public record StoredResponse(int status, Headers headers, Instant requestedAt, Instant receivedAt, LogPosition position)
        implements Stored {}
