/// The edge: answers viewers. The root wires the steps and tells their story.
@NullMarked
package dev.nearside.edge;

import org.jspecify.annotations.NullMarked;
