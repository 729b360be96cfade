/// What holds of what origins are asked.
@NullMarked
package dev.nearside.edge.origin;

import org.jspecify.annotations.NullMarked;
