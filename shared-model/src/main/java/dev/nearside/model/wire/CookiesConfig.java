package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which cookies a policy selects.
///
/// @param cookieBehavior `none`, `whitelist`, `allExcept` or `all`
public record CookiesConfig(
        @Nullable String cookieBehavior, @Nullable List<String> cookies) {}
