package dev.nearside.command;

import picocli.CommandLine.IVersionProvider;

/// Which Nearside this is, as its jar says, and what runs it.
final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"nearside %s, JDK %s".formatted(current(), Runtime.version())};
    }

    private static String current() {
        var version = BuildVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
