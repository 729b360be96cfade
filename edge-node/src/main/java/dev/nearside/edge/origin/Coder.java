package dev.nearside.edge.origin;

import dev.nearside.edge.coding.CodedHead;
import dev.nearside.edge.coding.Coding;
import dev.nearside.edge.coding.Compression;
import dev.nearside.edge.coding.Encoders;
import java.util.Optional;

/// Compresses an origin's answers as they arrive, so that what is stored is the compressed form (CF§8).
final class Coder {

    private final Encoders encoders;

    Coder(Encoders encoders) {
        this.encoders = encoders;
    }

    /// The answer as the cache and the viewers shall see it.
    OriginOutcome.Answered apply(Trip trip, OriginOutcome.Answered answer) {
        if (answer.status() == 304) return aboutWhatIsStored(trip, answer);
        var accepted = trip.selection().coding();
        var verdict = Compression.of(
                trip.route(), accepted, answer.status(), answer.headers(), answer.length(), encoders.makeable());
        return switch (verdict) {
            case Compression.Untouched() -> answer;
            case Compression.Offered() -> answer.with(CodedHead.varying(answer.headers()));
            case Compression.Into(var coding) -> into(coding, answer);
        };
    }

    private OriginOutcome.Answered into(Coding coding, OriginOutcome.Answered answer) {
        // What a HEAD is told is what a GET would be told (RFC 9110, section 9.3.2).
        var body = answer.hasBody()
                ? encoders.encode(answer.body(), coding, answer.length().orElseThrow())
                : Optional.of(answer.body());
        return body.map(coded -> answer.coded(CodedHead.of(answer.headers(), coding), coded))
                .orElseGet(() -> answer.with(CodedHead.varying(answer.headers())));
    }

    /// A 304 brings the plain body's fields; merged as they are, they would be told of the compressed one.
    private static OriginOutcome.Answered aboutWhatIsStored(Trip trip, OriginOutcome.Answered answer) {
        boolean ours = trip.known()
                .filter(known -> CodedHead.mayBeOurs(known.head().headers()))
                .isPresent();
        return ours ? answer.with(CodedHead.of304(answer.headers())) : answer;
    }
}
