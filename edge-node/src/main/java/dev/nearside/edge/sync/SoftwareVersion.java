package dev.nearside.edge.sync;

/// Which Nearside this is, as its jar says.
final class SoftwareVersion {

    private SoftwareVersion() {}

    static String current() {
        var version = SoftwareVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
