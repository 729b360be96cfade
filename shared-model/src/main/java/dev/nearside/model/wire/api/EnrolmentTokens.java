package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /enrolment-tokens: the tokens that can still let an edge in.
public record EnrolmentTokens(List<Item> items) {

    /// One unused token; the token itself was shown once, when it was made.
    ///
    /// @param id to withdraw it by
    /// @param name the only name that may be enrolled with it; any if absent
    public record Item(String id, @Nullable String name, Instant createTime, Instant expiresAt) {}
}
