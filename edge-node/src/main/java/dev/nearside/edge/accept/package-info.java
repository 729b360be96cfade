/// A well-formed arrival, or a refusal: nothing behind this step sees an ambiguous request.
@NullMarked
package dev.nearside.edge.accept;

import org.jspecify.annotations.NullMarked;
