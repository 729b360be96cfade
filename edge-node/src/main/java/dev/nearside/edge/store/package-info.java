/// Entries whole or absent: stored responses in memory and in memory-mapped files that survive a restart.
@NullMarked
package dev.nearside.edge.store;

import org.jspecify.annotations.NullMarked;
