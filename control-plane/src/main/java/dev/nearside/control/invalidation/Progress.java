package dev.nearside.control.invalidation;

import dev.nearside.control.fleet.Fleet.Receipt;
import dev.nearside.model.wire.api.Invalidations.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How far the edges are with an invalidation.
record Progress(List<Receipt> receipts) {
    Progress {
        receipts = List.copyOf(receipts);
    }

    Summary summary() {
        int applied = 0;
        int waiting = 0;
        int unreachable = 0;
        int drained = 0;
        for (var receipt : receipts) {
            if (receipt.edge().isDrained()) drained++;
            else {
                switch (receipt.state()) {
                    case APPLIED -> applied++;
                    case WAITING -> waiting++;
                    case UNREACHABLE -> unreachable++;
                    case DRAINED -> {}
                }
            }
        }
        return new Summary(applied, waiting, unreachable, drained);
    }

    boolean isCompleted() {
        return new Until.All().isReached(summary());
    }

    /// Edges that have not applied it, and have to.
    List<Receipt> missing() {
        return receipts.stream()
                .filter(receipt -> !receipt.edge().isDrained() && !receipt.isSettled())
                .toList();
    }

    /// When the last edge had applied what was recorded; edges that came later had nothing to apply.
    Optional<Instant> completedAt(Recorded recorded) {
        if (!isCompleted()) return Optional.empty();
        return Optional.of(receipts.stream()
                .filter(receipt -> !receipt.edge().isDrained())
                .filter(receipt -> receipt.edge().edge().enrolledPosition() < recorded.position())
                .flatMap(receipt -> receipt.since().stream())
                .max(Instant::compareTo)
                .filter(at -> at.isAfter(recorded.createdAt()))
                .orElse(recorded.createdAt()));
    }
}
