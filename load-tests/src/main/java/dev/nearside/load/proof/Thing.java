package dev.nearside.load.proof;

/// Something an origin has: its path says how large it is, which folder it lies in and which tag it bears.
///
/// @param size in bytes
record Thing(String path, long size) {

    private static final int FOLDERS = 40;
    private static final int TAGS = 60;

    /// What lies here bears no tag that is ever invalidated.
    static final String STEADY = "/steady/";

    static Thing numbered(int number, long size) {
        return new Thing("/f%d/o%d-%d".formatted(number % FOLDERS, number, size), size);
    }

    /// Of a path as it is made here.
    static Thing at(String path) {
        return new Thing(path, Long.parseLong(path.substring(path.lastIndexOf('-') + 1)));
    }

    /// With its slash.
    String folder() {
        return path.substring(0, path.indexOf('/', 1) + 1);
    }

    String tag() {
        return path.startsWith(STEADY) ? "steady" : "t" + Math.floorMod(path.hashCode(), TAGS);
    }

    /// Some are sent without saying their length.
    boolean isChunked() {
        return path.hashCode() % 11 == 0 && size < 1 << 30;
    }
}
