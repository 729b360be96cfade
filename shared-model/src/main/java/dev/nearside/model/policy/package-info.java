/// The three kinds of policy: what tells objects apart and how long they live, what an origin is told, what a viewer is
/// told.
@NullMarked
package dev.nearside.model.policy;

import org.jspecify.annotations.NullMarked;
