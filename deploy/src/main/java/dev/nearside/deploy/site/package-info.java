/// The sample web site: a small real origin with something for every policy to bite on.
@NullMarked
package dev.nearside.deploy.site;

import org.jspecify.annotations.NullMarked;
