package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which query parameters a policy selects.
///
/// @param queryStringBehavior `none`, `whitelist`, `allExcept` or `all`
public record QueryStringsConfig(
        @Nullable String queryStringBehavior, @Nullable List<String> queryStrings) {}
