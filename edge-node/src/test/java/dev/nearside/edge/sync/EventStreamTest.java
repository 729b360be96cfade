package dev.nearside.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.sync.EventStream.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private static final String SAID =
            "id: e/1/2\nevent: hello\ndata: {\"a\": \"é\"}\n\n: here\n\nevent:caught-up\r\ndata:1\r\ndata: 2\r\n\r\nevent: none\n\n";

    @Test
    void eventsAreTheSameHoweverTheBytesAreCut() {
        var bytes = SAID.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            var stream = new EventStream();
            var events = new ArrayList<Event>();
            for (int at = 0; at < bytes.length; at += size) {
                events.addAll(stream.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size))));
            }

            assertThat(events).containsExactly(new Event("hello", "{\"a\": \"é\"}"), new Event("caught-up", "1\n2"));
        }
    }
}
