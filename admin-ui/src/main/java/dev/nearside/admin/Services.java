package dev.nearside.admin;

import dev.nearside.admin.component.Pulse;
import dev.nearside.admin.control.Entrance;
import dev.nearside.admin.insight.LiveTraffic;
import java.time.InstantSource;

/// What the views are given; made once for the whole console.
///
/// @param entrance the way to the control plane
/// @param traffic the one sampler behind every dashboard
/// @param pulse keeps single pages up to date
/// @param clock what time it is
record Services(Entrance entrance, LiveTraffic traffic, Pulse pulse, InstantSource clock) {

    Services(Entrance entrance, InstantSource clock) {
        this(entrance, new LiveTraffic(clock), new Pulse(), clock);
    }
}
