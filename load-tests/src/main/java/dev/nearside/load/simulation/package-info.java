/// One class per question asked of a running Nearside; each asserts its answer.
@NullMarked
package dev.nearside.load.simulation;

import org.jspecify.annotations.NullMarked;
