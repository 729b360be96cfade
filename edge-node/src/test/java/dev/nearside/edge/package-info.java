/// What holds of the edge as a whole.
@NullMarked
package dev.nearside.edge;

import org.jspecify.annotations.NullMarked;
