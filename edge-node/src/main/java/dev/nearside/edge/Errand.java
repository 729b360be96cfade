package dev.nearside.edge;

import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.Trip;

/// What an origin is asked for by a decision, if it is asked.
sealed interface Errand {

    Trip trip();

    /// As it goes to the route's own origin.
    ForwardedRequest request();

    /// The answer may be shared, and stored.
    record ForAll(Trip trip) implements Errand {
        @Override
        public ForwardedRequest request() {
            return trip.request(trip.route());
        }
    }

    /// The answer is this viewer's alone.
    record ForOne(Trip trip) implements Errand {
        @Override
        public ForwardedRequest request() {
            return ForwardedRequest.pass(trip.route(), trip.selection(), trip.hop());
        }
    }
}
