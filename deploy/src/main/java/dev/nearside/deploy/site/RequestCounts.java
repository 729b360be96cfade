package dev.nearside.deploy.site;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How often each path was asked for: how a test sees what a cache kept away from its origin.
final class RequestCounts {

    /// Beyond this many paths, new ones are counted together: names are free for anybody to invent.
    private static final int PATHS = 2_000;

    private static final String OTHERS = "(others)";

    private final ConcurrentHashMap<String, LongAdder> byPath = new ConcurrentHashMap<>();

    void add(String path) {
        var name = byPath.containsKey(path) || byPath.size() < PATHS ? path : OTHERS;
        byPath.computeIfAbsent(name, _ -> new LongAdder()).increment();
    }

    Map<String, Long> byPath() {
        var counts = new TreeMap<String, Long>();
        byPath.forEach((path, count) -> counts.put(path, count.sum()));
        return counts;
    }
}
