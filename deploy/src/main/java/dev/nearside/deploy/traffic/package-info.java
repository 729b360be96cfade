/// Gentle, repeatable viewer traffic, so that a fresh demo has something to show.
@NullMarked
package dev.nearside.deploy.traffic;

import org.jspecify.annotations.NullMarked;
