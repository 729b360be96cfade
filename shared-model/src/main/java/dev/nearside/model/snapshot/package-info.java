/// One numbered, immutable version of all configuration.
@NullMarked
package dev.nearside.model.snapshot;

import org.jspecify.annotations.NullMarked;
