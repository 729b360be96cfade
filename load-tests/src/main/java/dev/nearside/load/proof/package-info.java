/// What a running edge must not do, whatever befalls it: killed, full, damaged, asked for gigabytes, or for a long
/// time.
@NullMarked
package dev.nearside.load.proof;

import org.jspecify.annotations.NullMarked;
