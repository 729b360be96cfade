/// The disk tier: memory-mapped files that give back what was written or nothing, also after a crash.
///
/// Everything here may wait for a disk, unless it says that it does not; only platform threads call it.
@NullMarked
package dev.nearside.edge.store.offheap;

import org.jspecify.annotations.NullMarked;
