package dev.nearside.load.replay;

/// A cache that is asked for one object after the other, and keeps what it is asked for as its policy says.
interface Contender {

    /// Whether the object was there. If not, it was fetched, and kept if the policy says so.
    boolean request(int object);
}
