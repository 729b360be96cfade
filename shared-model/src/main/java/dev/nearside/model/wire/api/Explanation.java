package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an edge would do with a request at that moment, and why; nothing was served or fetched for it.
///
/// Values of `Authorization`, of cookies and of the headers that an operator fixed for an origin are hidden.
///
/// @param edge name of the edge that tells
/// @param snapshotVersion of the configuration that it runs; 0 for none
/// @param outcome `hit`, `stale` (served, and refreshed meanwhile), `revalidate`, `miss`, `pass`, `refused` or
///     `redirected`
/// @param why in the edge's own word, as its access log says it
/// @param sentence the same in plain words
/// @param refusal where the viewer gets no answer of the cache or the origin
/// @param match which behavior answers, redirects or refuses; absent where none was looked for
/// @param key what the object is kept under; absent where nothing is looked up
/// @param toOrigin what would be sent if the origin were asked now
/// @param stored what lies under the key; absent if nothing does
public record Explanation(
        String edge,
        Instant at,
        long snapshotVersion,
        String outcome,
        String why,
        String sentence,
        @Nullable Refusal refusal,
        @Nullable Match match,
        @Nullable Key key,
        @Nullable ToOrigin toOrigin,
        @Nullable StoredObject stored) {

    /// What the viewer gets in place of an answer.
    ///
    /// @param location where the viewer is redirected to
    public record Refusal(int status, @Nullable String location) {}

    /// The distribution and the behavior that answer.
    ///
    /// @param path as patterns are compared with it
    /// @param ambiguous whether an origin may read another path than that, so that nothing is stored
    /// @param behavior its path pattern; `*` for the default behavior
    /// @param tried all patterns in order, up to the one that matched
    public record Match(
            String distributionId,
            String distribution,
            String path,
            boolean ambiguous,
            String behavior,
            List<Tried> tried,
            String cachePolicy,
            @Nullable String originRequestPolicy,
            @Nullable String responseHeadersPolicy) {}

    public record Tried(String pattern, boolean matches, String because) {}

    /// What the object is kept under.
    ///
    /// @param digest in hexadecimal; equal for two requests that share an object
    /// @param variesOn the request headers by which responses to this key differ (`Vary`)
    public record Key(String digest, List<KeyPart> parts, List<String> variesOn) {}

    /// One part of a key, and why it is one.
    ///
    /// @param part `distribution`, `method`, `port`, `path`, `policy`, `query`, `accept-encoding`, `header`,
    ///     `cookies` or `variant`
    /// @param name of the header
    /// @param value absent where the request has none
    public record KeyPart(
            String part, @Nullable String name, @Nullable String value, String because) {}

    /// A request to an origin.
    ///
    /// @param requestLine without the HTTP version
    /// @param origins in the order they are asked in
    public record ToOrigin(String requestLine, List<Header> headers, List<Asked> origins) {}

    public record Header(String name, String value) {}

    /// An origin that is asked.
    ///
    /// @param address scheme, host and port
    /// @param because when it is asked
    public record Asked(String originId, String address, String because) {}

    /// A stored response as it is judged now.
    ///
    /// @param headers those that decide on its reuse
    /// @param requestedAt when the request was sent that brought it
    /// @param position in the log of invalidations that was known when its fetch began
    /// @param tags that its origin gave it, in lower case: an invalidation of one of them reaches it
    /// @param proven whether no later invalidation can have been missed; otherwise the origin is asked first
    /// @param notStorable why it may not be kept any more under the present policy; absent if it may
    /// @param age in seconds, like all that follows
    /// @param windows in which it may be served stale
    public record StoredObject(
            int status,
            List<Header> headers,
            Instant requestedAt,
            Instant receivedAt,
            String epoch,
            long position,
            List<String> tags,
            boolean proven,
            @Nullable String notStorable,
            double age,
            double lifetime,
            boolean fresh,
            List<Step> ageSteps,
            List<Step> lifetimeSteps,
            List<Window> windows) {}

    /// One step of the arithmetic, in seconds.
    ///
    /// @param counts whether this is the value that won
    public record Step(String what, double seconds, boolean counts) {}

    /// A time after the end of its life in which a response may be served stale.
    ///
    /// @param seconds its length; absent if nothing limits it
    public record Window(String name, @Nullable Double seconds, boolean open, String because) {}
}
