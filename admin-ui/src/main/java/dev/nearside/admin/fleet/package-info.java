/// The edges and the snapshots they run, and publishing a new one.
@NullMarked
package dev.nearside.admin.fleet;

import org.jspecify.annotations.NullMarked;
