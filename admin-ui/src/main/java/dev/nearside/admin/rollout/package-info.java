/// Shows snapshots that some edges try first: how both sides fare, how long it takes, and how it ended.
@NullMarked
package dev.nearside.admin.rollout;

import org.jspecify.annotations.NullMarked;
