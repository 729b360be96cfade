/// What the edge's stack can do at best: the same server with nothing in it but bodies.
@NullMarked
package dev.nearside.load.bare;

import org.jspecify.annotations.NullMarked;
