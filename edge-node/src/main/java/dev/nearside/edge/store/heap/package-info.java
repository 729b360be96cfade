/// The memory tier: whole responses, each in one direct buffer, found by one lookup on the event loop.
@NullMarked
package dev.nearside.edge.store.heap;

import org.jspecify.annotations.NullMarked;
