/// Bodies of the management API.
@NullMarked
package dev.nearside.model.wire.api;

import org.jspecify.annotations.NullMarked;
