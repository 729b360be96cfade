/// Invalidations: ordered here, watched until every edge has applied them.
@NullMarked
package dev.nearside.admin.invalidation;

import org.jspecify.annotations.NullMarked;
