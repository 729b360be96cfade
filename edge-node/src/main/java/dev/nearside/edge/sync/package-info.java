/// Follows the control plane's feed, or a file, and swaps snapshots whole.
@NullMarked
package dev.nearside.edge.sync;

import org.jspecify.annotations.NullMarked;
