/// Who is signed in, and which pages that person may open; the token stays on this side.
@NullMarked
package dev.nearside.admin.access;

import org.jspecify.annotations.NullMarked;
