package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.store.Body;

/// What a trip to an origin brought for one request.
public sealed interface Fetched {

    /// Nobody wants it any more.
    default void forgo() {
        switch (this) {
            case Storing storing -> storing.leave().run();
            case Passing(var answer, var _) -> answer.discard();
            case Confirmed _, LookAgain _, Failed _ -> {}
        }
    }

    /// A response that is being stored; its body may still be arriving.
    ///
    /// @param arrived the header fields as the origin sent them, for the viewer whose trip it was
    /// @param originStatus 206 if the origin was asked for a part
    /// @param collapsed whether another request's trip brought it
    /// @param leave called once when this request needs it no more
    record Storing(StoredResponse head, Headers arrived, int originStatus, Body body, boolean collapsed, Runnable leave)
            implements Fetched {}

    /// A response for this request alone.
    ///
    /// @param why it is not stored
    record Passing(OriginOutcome.Answered answer, String why) implements Fetched {}

    /// What is stored is still good.
    ///
    /// @param head brought up to date
    record Confirmed(StoredResponse head) implements Fetched {}

    /// Somebody else's trip has brought what is stored up to date: look again.
    record LookAgain() implements Fetched {}

    record Failed(OriginOutcome.Failed failure) implements Fetched {}
}
