/// Measures one control plane with many edges that are simulated: all that it hears and says is real, only nobody
/// caches.
@NullMarked
package dev.nearside.load.fleet;

import org.jspecify.annotations.NullMarked;
