/// Every change is remembered with who made it and when, in the same transaction as the change.
@NullMarked
package dev.nearside.control.audit;

import org.jspecify.annotations.NullMarked;
