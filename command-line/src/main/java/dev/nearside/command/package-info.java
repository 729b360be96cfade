/// How a command speaks with an operator: whatever cannot be is refused at once, in the same words everywhere.
@NullMarked
package dev.nearside.command;

import org.jspecify.annotations.NullMarked;
