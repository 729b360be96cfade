/// What each step of a hit costs, and what the store's work behind it does: one class for each step, measured by JMH.
@NullMarked
package dev.nearside.load.bench;

import org.jspecify.annotations.NullMarked;
