/// The distributions' part of the API: one published site each, with its versions.
@NullMarked
package dev.nearside.control.distribution;

import org.jspecify.annotations.NullMarked;
