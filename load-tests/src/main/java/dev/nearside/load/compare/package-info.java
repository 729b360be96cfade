/// Measures the edge beside other caches, fairly: the same origin, objects and machine, in turns.
@NullMarked
package dev.nearside.load.compare;

import org.jspecify.annotations.NullMarked;
