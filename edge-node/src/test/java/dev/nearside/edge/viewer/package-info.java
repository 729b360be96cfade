/// Tests of what is known of a viewer.
@NullMarked
package dev.nearside.edge.viewer;

import org.jspecify.annotations.NullMarked;
