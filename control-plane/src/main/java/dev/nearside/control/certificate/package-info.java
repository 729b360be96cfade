/// Certificates and their keys: checked before they are kept, sealed where they lie, told only to edges that need them.
@NullMarked
package dev.nearside.control.certificate;

import org.jspecify.annotations.NullMarked;
