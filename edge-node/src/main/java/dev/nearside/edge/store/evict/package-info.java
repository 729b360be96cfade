/// Who has to go, and who is let in: decisions over numbers, without I/O, clocks and locks.
@NullMarked
package dev.nearside.edge.store.evict;

import org.jspecify.annotations.NullMarked;
