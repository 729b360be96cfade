/// Whom an edge asks, and how patiently.
@NullMarked
package dev.nearside.model.origin;

import org.jspecify.annotations.NullMarked;
