/// Copies of the database that are taken while everything runs.
@NullMarked
package dev.nearside.control.backup;

import org.jspecify.annotations.NullMarked;
