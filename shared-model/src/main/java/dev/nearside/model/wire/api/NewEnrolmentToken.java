package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /enrolment-tokens.
///
/// @param name the only name that may be enrolled with it; any if absent
public record NewEnrolmentToken(@Nullable String name) {}
