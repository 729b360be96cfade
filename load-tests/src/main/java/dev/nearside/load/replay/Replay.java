package dev.nearside.load.replay;

import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.load.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One trace and one capacity, with which every policy is asked in turn.
///
/// Room is counted as the store counts it: in cells of 4 KiB, one of them for the record with the head and the end of
/// the body. All policies are charged alike, and none keeps an object above a quarter of the room.
final class Replay {

    /// Shares of all requests, and of all bytes asked for, that were answered from the cache.
    record Ratios(double objects, double bytes) {

        double of(Goal goal) {
            return switch (goal) {
                case ORIGIN_REQUESTS -> objects;
                case ORIGIN_BYTES -> bytes;
            };
        }
    }

    /// @param figures what the store's policy decided; empty for others
    record Result(Ratios ratios, Optional<Eviction.Figures> figures) {}

    static final String OURS_FOR_REQUESTS = "nearside, goal requests";
    static final String OURS_FOR_BYTES = "nearside, goal bytes";

    private static final int CELL = 4 * 1024;
    private static final int HEAD = 1024;
    private static final int LARGEST_SHARE = 4;

    private final Trace trace;
    private final Space space;

    /// @param capacity in bytes
    Replay(Trace trace, long capacity) {
        this.trace = trace;
        long cells = Math.max(LARGEST_SHARE, capacity / CELL);
        var units = new int[trace.objects()];
        for (int object = 0; object < units.length; object++) {
            units[object] = (int) Math.min(Integer.MAX_VALUE, (trace.size(object) + HEAD + CELL - 1) / CELL);
        }
        this.space = new Space(units, cells, (int) Math.min(Integer.MAX_VALUE - 1, cells / LARGEST_SHARE));
    }

    static String ours(Goal goal) {
        return switch (goal) {
            case ORIGIN_REQUESTS -> OURS_FOR_REQUESTS;
            case ORIGIN_BYTES -> OURS_FOR_BYTES;
        };
    }

    /// All policies by name, in the order in which they are shown.
    static Map<String, Function<Space, Contender>> contenders() {
        var all = new LinkedHashMap<String, Function<Space, Contender>>();
        all.put(OURS_FOR_REQUESTS, space -> new StoreCache(space, Goal.ORIGIN_REQUESTS));
        all.put(OURS_FOR_BYTES, space -> new StoreCache(space, Goal.ORIGIN_BYTES));
        all.put("LRU", Lru::new);
        all.put("Caffeine", CaffeineCache::new);
        all.put("W-TinyLFU, window 1 %", space -> new WTinyLfu(space, 0.01));
        all.put("W-TinyLFU, window 20 %", space -> new WTinyLfu(space, 0.2));
        all.put("SIEVE", Sieve::new);
        all.put("S3-FIFO", S3Fifo::new);
        all.put("GDSF", Gdsf::new);
        return all;
    }

    Result run(Function<Space, Contender> policy) {
        var cache = policy.apply(space);
        long hits = 0;
        double bytes = 0;
        double allBytes = 0;
        for (int i = 0; i < trace.length(); i++) {
            int object = trace.object(i);
            allBytes += trace.size(object);
            if (!cache.request(object)) continue;
            hits++;
            bytes += trace.size(object);
        }
        var ratios = new Ratios(share((double) hits, trace.length()), share(bytes, allBytes));
        return new Result(ratios, cache instanceof StoreCache ours ? Optional.of(ours.figures()) : Optional.empty());
    }

    Ratios bound() {
        return Bound.of(trace, space);
    }

    private static double share(double part, double all) {
        return all == 0 ? 0 : part / all;
    }
}
