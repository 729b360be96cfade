/// What a document said before: compared with what it says now, and restored.
@NullMarked
package dev.nearside.admin.version;

import org.jspecify.annotations.NullMarked;
