/// One published site: its host names, behaviors and origins.
@NullMarked
package dev.nearside.model.distribution;

import org.jspecify.annotations.NullMarked;
