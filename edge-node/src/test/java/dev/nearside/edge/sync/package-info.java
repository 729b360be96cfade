/// What holds of an edge's own files.
@NullMarked
package dev.nearside.edge.sync;

import org.jspecify.annotations.NullMarked;
