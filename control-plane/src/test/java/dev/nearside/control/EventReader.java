package dev.nearside.control;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads a feed, event by event.
final class EventReader implements AutoCloseable {
    private final InputStream bytes;

    EventReader(HttpResponse<InputStream> feed) {
        this(opened(feed));
    }

    EventReader(InputStream feed) {
        this.bytes = new BufferedInputStream(feed);
    }

    private static InputStream opened(HttpResponse<InputStream> feed) {
        if (feed.statusCode() != 200) throw new AssertionError("the feed answered " + feed.statusCode());
        return feed.body();
    }

    record Event(String id, String name, String data) {
        <T extends Record> T read(Class<T> type) {
            return switch (Json.read(data, type)) {
                case Checked.Valid<T>(var value) -> value;
                case Checked.Invalid<T>(var problems) -> throw new AssertionError(data + " " + problems);
            };
        }
    }

    /// The next event of a name; those before it are passed over.
    Event next(String name) throws IOException {
        while (true) {
            var event = next();
            if (event.name().equals(name)) return event;
        }
    }

    Event next() throws IOException {
        var id = "";
        var name = "";
        var data = "";
        while (true) {
            var line = line();
            if (line.isEmpty() && !name.isEmpty()) return new Event(id, name, data);
            if (line.startsWith("id:")) id = line.substring(3).strip();
            if (line.startsWith("event:")) name = line.substring(6).strip();
            if (line.startsWith("data:")) data = line.substring(5).strip();
        }
    }

    List<Event> next(int count) throws IOException {
        var events = new ArrayList<Event>();
        for (int i = 0; i < count; i++) events.add(next());
        return events;
    }

    /// A reader of characters would wait for more than one line.
    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = bytes.read(); next != '\n'; next = bytes.read()) {
            if (next < 0) throw new AssertionError("the feed has ended");
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /// Whether nothing more comes; reads whatever was under way.
    boolean hasEnded() throws IOException {
        return bytes.transferTo(OutputStream.nullOutputStream()) >= 0;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
