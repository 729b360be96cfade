package dev.nearside.edge.sync;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts a stream of bytes into server-sent events (the WHATWG event stream format).
final class EventStream {

    /// A snapshot of everything must fit; a line beyond this is a broken peer.
    private static final int MAX_EVENT_BYTES = 64 * 1024 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    private final StringBuilder data = new StringBuilder();
    private String name = "message";

    /// One event.
    record Event(String name, String data) {}

    /// The events that these bytes complete.
    List<Event> feed(byte[] bytes) {
        var events = new ArrayList<Event>();
        for (byte b : bytes) {
            if (b == '\n') {
                endOfLine(events);
                line.reset();
            } else if (b != '\r') {
                line.write(b);
                if (line.size() + data.length() > MAX_EVENT_BYTES) {
                    throw new IllegalStateException("an event of more than " + MAX_EVENT_BYTES + " bytes");
                }
            }
        }
        return events;
    }

    private void endOfLine(List<Event> events) {
        if (line.size() == 0) {
            if (!data.isEmpty()) events.add(new Event(name, data.toString()));
            data.setLength(0);
            name = "message";
            return;
        }
        var text = line.toString(StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        if (colon == 0) return; // a comment, the heartbeat
        var field = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) value = value.substring(1);
        switch (field) {
            case "event" -> name = value;
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {} // id and retry: the position travels in the data
        }
    }
}
