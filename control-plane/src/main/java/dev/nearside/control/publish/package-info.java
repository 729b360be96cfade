/// Builds, numbers and serves snapshots: complete, immutable, and never one with a problem.
@NullMarked
package dev.nearside.control.publish;

import org.jspecify.annotations.NullMarked;
