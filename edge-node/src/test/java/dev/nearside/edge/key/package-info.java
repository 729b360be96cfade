/// What holds of the identity of cached objects.
@NullMarked
package dev.nearside.edge.key;

import org.jspecify.annotations.NullMarked;
