/// What the control plane and the edges say to each other.
@NullMarked
package dev.nearside.model.wire.feed;

import org.jspecify.annotations.NullMarked;
