/// What a viewer is sent: conditions, ranges, headers, then bytes.
@NullMarked
package dev.nearside.edge.respond;

import org.jspecify.annotations.NullMarked;
