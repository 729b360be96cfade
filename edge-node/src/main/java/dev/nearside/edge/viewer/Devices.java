package dev.nearside.edge.viewer;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells devices by their `User-Agent`.
///
/// The parser takes two seconds and 90 MB of heap to get ready, and up to half a millisecond for a text: so it is made
/// when the first device is asked for, works on a thread of its own, and each text is judged once.
final class Devices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
    private static final int MOST_KNOWN = 10_000;

    /// A longer text is judged by its beginning, so that nobody fills the memory with long ones.
    private static final int LONGEST = 512;

    private final ExecutorService reading = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "devices");
        thread.setDaemon(true);
        return thread;
    });
    private final AsyncCache<String, DeviceKind> known =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).executor(reading).buildAsync();

    /// Touched by that thread only.
    private @Nullable UserAgentAnalyzer parser;

    /// Gets ready before somebody waits for it.
    void load() {
        reading.execute(this::parser);
    }

    /// Complete at once for a text that was seen before.
    CompletableFuture<DeviceKind> of(Optional<String> userAgent) {
        if (userAgent.isEmpty() || userAgent.get().isBlank()) {
            return CompletableFuture.completedFuture(DeviceKind.UNKNOWN);
        }
        var text = userAgent.get();
        return known.get(text.length() > LONGEST ? text.substring(0, LONGEST) : text, this::judge);
    }

    private DeviceKind judge(String userAgent) {
        try {
            var judged = parser().parse(userAgent);
            return DeviceKind.of(
                    judged.getValue(UserAgent.DEVICE_CLASS), judged.getValue(UserAgent.OPERATING_SYSTEM_NAME));
        } catch (RuntimeException bug) {
            LOG.warn("A User-Agent was not understood", bug);
            return DeviceKind.UNKNOWN;
        }
    }

    private UserAgentAnalyzer parser() {
        var ready = parser;
        if (ready == null) {
            ready = UserAgentAnalyzer.newBuilder()
                    .withField(UserAgent.DEVICE_CLASS)
                    .withField(UserAgent.OPERATING_SYSTEM_NAME)
                    .withoutCache()
                    .hideMatcherLoadStats()
                    .dropTests()
                    .immediateInitialization()
                    .build();
            parser = ready;
        }
        return ready;
    }

    @Override
    public void close() {
        reading.shutdownNow();
    }
}
