/// Distributions as they are configured: origins, behaviors, versions.
@NullMarked
package dev.nearside.admin.distribution;

import org.jspecify.annotations.NullMarked;
