/// Whether who judges an edge would notice.
@NullMarked
package dev.nearside.load.proof;

import org.jspecify.annotations.NullMarked;
