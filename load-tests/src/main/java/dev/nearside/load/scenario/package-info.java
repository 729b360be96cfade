/// What a viewer does, and what is noted about the answers.
@NullMarked
package dev.nearside.load.scenario;

import org.jspecify.annotations.NullMarked;
