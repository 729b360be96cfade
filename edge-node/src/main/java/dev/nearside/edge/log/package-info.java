/// One line per request, with the decision's own words, never on an event loop.
@NullMarked
package dev.nearside.edge.log;

import org.jspecify.annotations.NullMarked;
