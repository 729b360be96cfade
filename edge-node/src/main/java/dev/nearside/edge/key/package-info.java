/// Equal keys mean equal bytes: from a request and a policy to the identity of a cached object.
@NullMarked
package dev.nearside.edge.key;

import org.jspecify.annotations.NullMarked;
