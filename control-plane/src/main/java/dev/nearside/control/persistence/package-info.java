/// The repositories on a relational database; the only place that knows it.
@NullMarked
package dev.nearside.control.persistence;

import org.jspecify.annotations.NullMarked;
