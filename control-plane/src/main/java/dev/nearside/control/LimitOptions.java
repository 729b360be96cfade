package dev.nearside.control;

import dev.nearside.control.invalidation.OrderLimits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options that bound what may be asked of a control plane.
final class LimitOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--invalidations-per-minute",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Orders that one token or operator may give (default: ${DEFAULT-VALUE}).")
    private int orders;

    @Option(
            names = "--invalidation-paths-per-minute",
            paramLabel = "N",
            defaultValue = "300000",
            description = "Paths and tags in all of them, at least 3000 (default: ${DEFAULT-VALUE}).")
    private int paths;

    @Option(
            names = "--invalidation-wildcards",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Wildcards of one distribution that an edge within reach has yet to apply, at least 3000"
                    + " (default: ${DEFAULT-VALUE}).")
    private int wildcards;

    /// @throws ParameterException if one of them is too small
    OrderLimits orders() {
        need("--invalidations-per-minute", orders, 1);
        need("--invalidation-paths-per-minute", paths, OrderLimits.MOST_PATHS);
        need("--invalidation-wildcards", wildcards, OrderLimits.MOST_PATHS);
        return new OrderLimits(orders, paths, wildcards);
    }

    private void need(String option, int said, int least) {
        if (said >= least || spec == null) return;
        throw new ParameterException(
                spec.commandLine(), "%s: %d (expected: %d or more)".formatted(option, said, least));
    }
}
