/// What holds of what viewers are told.
@NullMarked
package dev.nearside.edge.respond;

import org.jspecify.annotations.NullMarked;
