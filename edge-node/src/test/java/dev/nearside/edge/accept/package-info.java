@NullMarked
package dev.nearside.edge.accept;

import org.jspecify.annotations.NullMarked;
