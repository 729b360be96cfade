/// Orders to stop serving some keys.
@NullMarked
package dev.nearside.model.invalidation;

import org.jspecify.annotations.NullMarked;
