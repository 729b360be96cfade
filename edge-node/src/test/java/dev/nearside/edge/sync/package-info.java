/// What holds of following a control plane.
@NullMarked
package dev.nearside.edge.sync;

import org.jspecify.annotations.NullMarked;
