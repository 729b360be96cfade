package dev.nearside.edge.viewer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.Reader;
import dev.nearside.edge.file.Unreadable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A database of addresses in MaxMind's format, followed when its file changes.
///
/// What is read is a copy of our own, mapped into memory and already without a name: whoever overwrites the operator's
/// file in place takes nothing away under a reader.
///
/// @param <T> what is made of a record
final class AddressDatabase<T> {

    private static final Logger LOG = LoggerFactory.getLogger(AddressDatabase.class);
    private static final int MOST_KNOWN = 10_000;

    private final Kind kind;
    private final Path file;
    private final Path scratch;
    private final Function<Map<?, ?>, T> made;
    private final T unknown;
    private volatile Opened<T> opened;

    /// The file that was tried last, good or bad.
    private Stamp seen;

    /// What an option expects.
    ///
    /// @param types parts of the names that such databases give themselves, lower case
    record Kind(String option, String expected, Set<String> types) {
        static final Kind PLACES =
                new Kind("--geoip", "a City or Country database", Set.of("city", "country", "enterprise", "insights"));
        static final Kind NETWORKS = new Kind("--geoip-asn", "an ASN database", Set.of("asn", "isp", "enterprise"));
    }

    private record Opened<T>(Reader reader, Cache<String, T> known) {}

    private record Stamp(Object key, long size, Object modified) {}

    /// @param scratch a directory where a copy may lie for a moment
    /// @throws IOException with a message for the operator if the file is no such database
    AddressDatabase(Kind kind, Path file, Path scratch, Function<Map<?, ?>, T> made, T unknown) throws IOException {
        this.kind = kind;
        this.file = file;
        this.scratch = scratch;
        this.made = made;
        this.unknown = unknown;
        try {
            seen = stamp();
            opened = open();
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "%s: %s %s (expected: %s in MaxMind's format)".formatted(kind.option, file, why(e), kind.expected),
                    e);
        }
    }

    /// What is known of an address given as text.
    T find(String address) {
        var current = opened;
        return Objects.requireNonNull(current.known.get(address, text -> look(current.reader, text)));
    }

    /// Takes the file again if it has changed; a bad one changes nothing but the log.
    synchronized void reload() {
        Stamp now;
        try {
            now = stamp();
        } catch (IOException e) {
            return; // being replaced just now, or gone: what was read stays
        }
        if (now.equals(seen)) return;
        seen = now;
        try {
            opened = open();
            LOG.info("{}: {} has changed and is in use", kind.option, file);
        } catch (IOException | RuntimeException e) {
            LOG.error("{}: {} has changed and is refused, the previous one stays: it {}", kind.option, file, why(e));
        }
    }

    private Stamp stamp() throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = attributes.fileKey() == null ? "" : attributes.fileKey();
        return new Stamp(key, attributes.size(), attributes.lastModifiedTime());
    }

    private Opened<T> open() throws IOException {
        var copy = Files.createTempFile(scratch, "addresses", ".mmdb");
        try {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            var reader = new Reader(copy.toFile());
            var type = reader.getMetadata().databaseType();
            var lower = type.toLowerCase(Locale.ROOT);
            if (kind.types.stream().noneMatch(lower::contains)) {
                throw new OtherDatabase("is a database of the type \"" + type + "\"");
            }
            return new Opened<>(
                    reader, Caffeine.newBuilder().maximumSize(MOST_KNOWN).build());
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static final class OtherDatabase extends IOException {
        private static final long serialVersionUID = 1;

        OtherDatabase(String message) {
            super(message);
        }
    }

    /// What the reader says of a file names our copy.
    private static String why(Exception failure) {
        return switch (failure) {
            case OtherDatabase other -> String.valueOf(other.getMessage());
            case InvalidDatabaseException _ -> "is no such database";
            case IOException unreadable -> Unreadable.why(unreadable);
            default -> "is damaged: " + failure;
        };
    }

    private T look(Reader reader, String address) {
        try {
            @Nullable Map<?, ?> found = reader.get(InetAddress.ofLiteral(address), Map.class);
            return found == null ? unknown : made.apply(found);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{}: nothing found for an address: {}", kind.option, e.toString());
            return unknown; // an IPv6 address in an IPv4 database, a damaged record
        }
    }
}
