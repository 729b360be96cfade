package dev.nearside.edge.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import dev.nearside.edge.store.BodyReader;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens encoders, as many at a time as there is memory for.
public final class Encoders {

    private static final Logger LOG = LoggerFactory.getLogger(Encoders.class);

    private final Set<Coding> makeable;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    /// @param most how many bodies are encoded at a time; each holds about 1 MiB outside the heap
    public Encoders(int most) {
        this.most = most;
        if (Brotli4jLoader.isAvailable()) {
            makeable = Set.of(Coding.values());
        } else {
            LOG.warn("Brotli is not available here, gzip stands in: {}", said(Brotli4jLoader.getUnavailabilityCause()));
            makeable = Set.of(Coding.GZIP);
        }
    }

    private static String said(Throwable cause) {
        return String.valueOf(cause.getMessage());
    }

    /// What this node can make.
    public Set<Coding> makeable() {
        return makeable;
    }

    /// How many bodies are being encoded.
    public int open() {
        return open.get();
    }

    /// The coded form of a body; empty if too many are being encoded, or this one cannot be: compression is best
    /// effort.
    ///
    /// @param length of the plain body, in bytes
    public Optional<BodyReader> encode(BodyReader plain, Coding coding, long length) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return Optional.empty();
        }
        try {
            var encoder = switch (coding) {
                case BROTLI -> new BrotliEncoder(length);
                case GZIP -> new GzipEncoder();
            };
            return Optional.of(new EncodedBody(plain, encoder, open::decrementAndGet));
        } catch (IOException e) {
            open.decrementAndGet();
            LOG.warn("No {} encoder: {}", coding.token(), e.getMessage());
            return Optional.empty();
        }
    }
}
