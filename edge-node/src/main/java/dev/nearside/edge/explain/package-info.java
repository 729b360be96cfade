/// Says in words what the steps of a request's path have decided, and why; decides nothing itself.
@NullMarked
package dev.nearside.edge.explain;

import org.jspecify.annotations.NullMarked;
