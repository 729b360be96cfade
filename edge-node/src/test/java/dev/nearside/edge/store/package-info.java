/// What a store must keep to: whole or absent, within its limits, after restarts and crashes.
@NullMarked
package dev.nearside.edge.store;

import org.jspecify.annotations.NullMarked;
