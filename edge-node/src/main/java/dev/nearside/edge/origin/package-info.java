/// One trip per key, bounded in time: what an origin is asked, and what came of it.
@NullMarked
package dev.nearside.edge.origin;

import org.jspecify.annotations.NullMarked;
