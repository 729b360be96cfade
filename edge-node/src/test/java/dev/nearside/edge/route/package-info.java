/// What holds of which behavior answers a request.
@NullMarked
package dev.nearside.edge.route;

import org.jspecify.annotations.NullMarked;
