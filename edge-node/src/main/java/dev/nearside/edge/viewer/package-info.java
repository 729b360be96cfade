/// What is known of a viewer beyond its request: device, place, network, connection; each only where a policy asks.
@NullMarked
package dev.nearside.edge.viewer;

import org.jspecify.annotations.NullMarked;
