/// The edges: how they enrol, what they are told over the feed, and what they report.
@NullMarked
package dev.nearside.control.fleet;

import org.jspecify.annotations.NullMarked;
