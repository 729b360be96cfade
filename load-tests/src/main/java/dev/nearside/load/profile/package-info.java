/// How many viewers arrive, and when.
@NullMarked
package dev.nearside.load.profile;

import org.jspecify.annotations.NullMarked;
