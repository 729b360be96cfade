package dev.nearside.control.http;

import java.util.Optional;

/// The open end of an event stream. Every call writes at once and may wait for a slow reader; when the reader
/// is gone it throws an unchecked exception.
public interface EventSink {

    void emit(Event event, Optional<String> id);

    default void emit(String name, Optional<String> id, String data) {
        emit(new Event(name, data), id);
    }

    /// A comment that only says: still here.
    void heartbeat();
}
