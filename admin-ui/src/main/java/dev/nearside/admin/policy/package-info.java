/// The three kinds of policies, and the editor of custom cache policies.
@NullMarked
package dev.nearside.admin.policy;

import org.jspecify.annotations.NullMarked;
