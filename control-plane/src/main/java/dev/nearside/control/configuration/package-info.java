/// Distributions and policies are kept as immutable versions, and only documents without a problem are kept.
@NullMarked
package dev.nearside.control.configuration;

import org.jspecify.annotations.NullMarked;
