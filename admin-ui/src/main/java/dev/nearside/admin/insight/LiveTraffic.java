package dev.nearside.admin.insight;

import java.time.InstantSource;

public final class LiveTraffic {
    public LiveTraffic(InstantSource c) {}

    public void close() {}
}
