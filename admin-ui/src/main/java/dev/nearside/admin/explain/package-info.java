/// Why is this page stale: what edges would do with a viewer's request.
@NullMarked
package dev.nearside.admin.explain;

import org.jspecify.annotations.NullMarked;
