package dev.nearside.control.invalidation;

/// How much may be ordered, so that nobody fills the log or the edges' memory by mistake or on purpose.
///
/// @param ordersPerMinute of one author
/// @param pathsPerMinute of one author, in all orders
/// @param wildcards of one distribution that an edge within reach has not applied yet
public record OrderLimits(int ordersPerMinute, int pathsPerMinute, int wildcards) {

    /// Most paths and tags of one order.
    public static final int MOST_PATHS = 3_000;

    /// What a control plane holds to that was told nothing.
    public static final OrderLimits USUAL = new OrderLimits(1_000, 300_000, 10_000);

    /// For orders that nobody is to be kept from.
    public static final OrderLimits NONE = new OrderLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    public OrderLimits {
        if (ordersPerMinute < 1 || pathsPerMinute < MOST_PATHS || wildcards < MOST_PATHS) {
            throw new IllegalArgumentException(
                    "limits: %d orders, %d paths, %d wildcards (expected: at least 1, %d and %d)"
                            .formatted(ordersPerMinute, pathsPerMinute, wildcards, MOST_PATHS, MOST_PATHS));
        }
    }
}
