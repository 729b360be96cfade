/// Ties a child process to the life of the one that started it. Knows nothing but the JDK.
@NullMarked
package dev.nearside.deploy.tether;

import org.jspecify.annotations.NullMarked;
