/// Whom a policy lets go, step by step.
@NullMarked
package dev.nearside.edge.store.evict;

import org.jspecify.annotations.NullMarked;
