/// What the fleet does right now: one sampler for everybody, and the pages that draw it.
@NullMarked
package dev.nearside.admin.insight;

import org.jspecify.annotations.NullMarked;
