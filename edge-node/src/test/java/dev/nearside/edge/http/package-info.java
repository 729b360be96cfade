/// What holds of the values of HTTP.
@NullMarked
package dev.nearside.edge.http;

import org.jspecify.annotations.NullMarked;
