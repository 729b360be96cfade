@NullMarked
package dev.nearside.load.replay;

import org.jspecify.annotations.NullMarked;
