/// Files and folders that an operator names: why one of them cannot be used.
@NullMarked
package dev.nearside.edge.file;

import org.jspecify.annotations.NullMarked;
