/// One route per request, from one snapshot: which distribution and behavior answer it, or why none does.
@NullMarked
package dev.nearside.edge.route;

import org.jspecify.annotations.NullMarked;
