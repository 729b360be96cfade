/// The control plane as the views see it: questions, and answers that are values; the only place that speaks its HTTP.
@NullMarked
package dev.nearside.admin.control;

import org.jspecify.annotations.NullMarked;
