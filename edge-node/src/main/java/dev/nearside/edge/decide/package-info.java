/// What to do with one request: a function of values and the time, settled before any byte moves.
@NullMarked
package dev.nearside.edge.decide;

import org.jspecify.annotations.NullMarked;
