/// Tries a snapshot on some edges first, and lets the figures of both sides say whether the others get it.
@NullMarked
package dev.nearside.control.rollout;

import org.jspecify.annotations.NullMarked;
