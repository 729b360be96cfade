@NullMarked
package dev.nearside.edge.health;

import org.jspecify.annotations.NullMarked;
