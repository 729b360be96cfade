/// A certificate on its way from an operator to viewers, through real processes.
@NullMarked
package dev.nearside.deploy.certificate;

import org.jspecify.annotations.NullMarked;
