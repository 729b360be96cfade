/// Certificates: when each ends, who shows it, and the way in for new ones.
@NullMarked
package dev.nearside.admin.certificate;

import org.jspecify.annotations.NullMarked;
