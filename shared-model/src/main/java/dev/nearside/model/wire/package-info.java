/// JSON in and out; the only place that knows a JSON library.
@NullMarked
package dev.nearside.model.wire;

import org.jspecify.annotations.NullMarked;
