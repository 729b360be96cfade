/// What control planes on one database owe each other: word of what was committed, and one of them for each chore.
@NullMarked
package dev.nearside.control.peers;

import org.jspecify.annotations.NullMarked;
