/// Requests in the order in which they came: read from a file, or made up with stated parameters.
@NullMarked
package dev.nearside.load.trace;

import org.jspecify.annotations.NullMarked;
