/// Sums and bounds of the disk tier.
@NullMarked
package dev.nearside.edge.store.offheap;

import org.jspecify.annotations.NullMarked;
