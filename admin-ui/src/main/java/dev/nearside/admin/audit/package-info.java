/// Who changed what, and when.
@NullMarked
package dev.nearside.admin.audit;

import org.jspecify.annotations.NullMarked;
