package dev.nearside.model.wire.feed;

import dev.nearside.model.wire.api.Explanation;
import org.jspecify.annotations.Nullable;

/// POST /edge/v1/answers: what an edge says to a question.
///
/// @param questionId of the {@link Question}
/// @param problem why there is no explanation; absent if there is one
public record Answered(
        String questionId,
        @Nullable Explanation explanation,
        @Nullable String problem) {}
