/// What holds of bodies that are compressed on their way in.
@NullMarked
package dev.nearside.edge.coding;

import org.jspecify.annotations.NullMarked;
