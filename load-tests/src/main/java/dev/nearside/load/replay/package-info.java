/// What a cache of given size would have answered by itself, had it been asked for what a trace tells.
@NullMarked
package dev.nearside.load.replay;

import org.jspecify.annotations.NullMarked;
