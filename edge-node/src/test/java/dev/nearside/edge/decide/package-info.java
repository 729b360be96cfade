/// What holds of the decisions of a cache.
@NullMarked
package dev.nearside.edge.decide;

import org.jspecify.annotations.NullMarked;
