/// What the ground's own programs share: how an address is written.
@NullMarked
package dev.nearside.deploy;

import org.jspecify.annotations.NullMarked;
