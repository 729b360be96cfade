/// Orders to stop serving some keys: one numbered log in commit order, with a receipt from every edge.
@NullMarked
package dev.nearside.control.invalidation;

import org.jspecify.annotations.NullMarked;
