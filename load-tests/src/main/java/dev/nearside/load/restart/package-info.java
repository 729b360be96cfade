/// How long an edge that was stopped, or killed, takes from the start of its process to its first hit.
@NullMarked
package dev.nearside.load.restart;

import org.jspecify.annotations.NullMarked;
