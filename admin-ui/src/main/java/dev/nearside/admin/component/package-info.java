/// Widgets that every page shares; they know no subject.
@NullMarked
package dev.nearside.admin.component;

import org.jspecify.annotations.NullMarked;
