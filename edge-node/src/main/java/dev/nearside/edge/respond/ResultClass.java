package dev.nearside.edge.respond;

import java.util.Locale;

/// How a request was answered. Each request is of exactly one class; metrics, log and `X-Cache` speak of the same.
public enum ResultClass {
    /// Fresh from the cache.
    HIT("Hit"),
    /// From the cache, after the origin confirmed it.
    REFRESH_HIT("RefreshHit"),
    /// From the cache although stale: it is being refreshed, or the origin failed.
    STALE("Hit"),
    /// From the trip that another viewer's request had begun.
    COLLAPSED("Hit"),
    /// From the origin; the cache looked and had nothing to serve.
    MISS("Miss"),
    /// From the origin, or made here, without the cache having a part in it.
    PASS("Miss"),
    /// With a status of 400 or above, whoever made it (CF§12.3).
    ERROR("Error");

    private final String word;

    ResultClass(String word) {
        this.word = word;
    }

    /// The class of an answer that went this way and ended in this status.
    public ResultClass endingIn(int status) {
        return status >= 400 ? ERROR : this;
    }

    /// As in metrics, and in the access log's field `class`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As CloudFront's result types in the access log.
    public String word() {
        return word;
    }

    /// The value of `X-Cache`.
    public String xCache() {
        return word + " from nearside";
    }
}
