/// A path pattern and the policies it selects.
@NullMarked
package dev.nearside.model.behavior;

import org.jspecify.annotations.NullMarked;
