/// Commands for people, which call the API of a running control plane or edge.
@NullMarked
package dev.nearside.control.command;

import org.jspecify.annotations.NullMarked;
