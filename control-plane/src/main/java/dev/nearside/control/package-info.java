/// The truth: wires the parts of a control plane together and starts them; nothing knows this package.
@NullMarked
package dev.nearside.control;

import org.jspecify.annotations.NullMarked;
