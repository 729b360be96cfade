/// What the edges counted, by second for a quarter of an hour and by minute for a month, each request once.
@NullMarked
package dev.nearside.control.metrics;

import org.jspecify.annotations.NullMarked;
