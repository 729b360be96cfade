package dev.nearside.control;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads a feed, event by event.
final class EventReader implements AutoCloseable {
    private final BufferedReader lines;

    EventReader(HttpResponse<InputStream> feed) {
        if (feed.statusCode() != 200) throw new AssertionError("the feed answered " + feed.statusCode());
        this.lines = new BufferedReader(new InputStreamReader(feed.body(), StandardCharsets.UTF_8));
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
            var line = lines.readLine();
            if (line == null) throw new AssertionError("the feed has ended");
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

    /// Whether nothing more comes; reads whatever was under way.
    boolean hasEnded() throws IOException {
        return lines.lines().count() >= 0;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
