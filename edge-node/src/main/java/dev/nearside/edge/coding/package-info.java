/// What an origin sent plain is compressed on its way in, where a behavior wants it (CF§8): bounded in memory and in
/// the time that it takes from others.
@NullMarked
package dev.nearside.edge.coding;

import org.jspecify.annotations.NullMarked;
