/// The console: wires the views to one control plane and serves them to browsers.
@NullMarked
package dev.nearside.admin;

import org.jspecify.annotations.NullMarked;
