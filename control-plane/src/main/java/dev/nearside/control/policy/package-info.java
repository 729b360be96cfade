/// The policies' part of the API: managed ones are read-only, used ones stay.
@NullMarked
package dev.nearside.control.policy;

import org.jspecify.annotations.NullMarked;
