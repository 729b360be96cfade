/// Who is calling and what they may do: users, sessions, tokens; secrets are kept as hashes only.
@NullMarked
package dev.nearside.control.access;

import org.jspecify.annotations.NullMarked;
