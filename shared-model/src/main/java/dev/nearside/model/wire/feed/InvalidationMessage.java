package dev.nearside.model.wire.feed;

import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of the log of invalidations.
///
/// @param soft absent: hard
public record InvalidationMessage(
        String epoch,
        long position,
        String id,
        String distributionId,
        List<String> paths,
        Instant createTime,
        @Nullable Boolean soft) {

    public Invalidation invalidation() {
        return new Invalidation(
                id,
                epoch,
                position,
                new DistributionId(distributionId),
                paths.stream().map(InvalidationPath::parse).toList(),
                Boolean.TRUE.equals(soft) ? new Effect.Soft(createTime) : new Effect.Hard());
    }
}
