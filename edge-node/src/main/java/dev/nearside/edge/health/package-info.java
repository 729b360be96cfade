/// Readiness and metrics for operators; no secrets.
@NullMarked
package dev.nearside.edge.health;

import org.jspecify.annotations.NullMarked;
