@NullMarked
package dev.nearside.load.trace;

import org.jspecify.annotations.NullMarked;
