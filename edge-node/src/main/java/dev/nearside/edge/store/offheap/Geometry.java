package dev.nearside.edge.store.offheap;

/// How one shard's bytes are cut: blocks for bodies and records for objects, all of fixed size.
///
/// A Chronicle Map is full as soon as one of its segments is. Slots of blocks are therefore numbered so that
/// each segment owns exactly its share, and segments of records, whose keys nobody chooses, have room to spare.
///
/// @param blocks how many blocks; a multiple of `blockSegments`
/// @param records how many objects at most
/// @param recordsPerSegment room in each segment of records: its share, and what chance may add
record Geometry(int blocks, int blockSegments, int records, int recordSegments, int recordsPerSegment) {

    /// Bytes of body in a block.
    static final int BLOCK = 16 * 1024;

    /// Bytes in a record.
    static final int RECORD = 2 * 1024;

    static final int BLOCK_KEY = 8;
    static final int RECORD_KEY = 16;

    static final long SMALLEST = 4L << 20;

    /// What an entry takes beside its key and value: its place in the segment's hash table, up to half of which
    /// is empty, its bit in the map of free chunks, and padding. Measured at 10 to 30.
    private static final int PER_ENTRY = 40;

    /// Headers, and pages that are only begun.
    private static final int PER_FILE = 128 * 1024;

    static Geometry within(long bytes) {
        if (bytes < SMALLEST) {
            throw new IllegalArgumentException(
                    "bytes of a shard: %d (expected: %d or more)".formatted(bytes, SMALLEST));
        }
        long room = bytes - 2 * PER_FILE;
        // Three records to four blocks: most objects of a site are larger than a block.
        long blockCost = BLOCK + BLOCK_KEY + PER_ENTRY;
        long recordCost = RECORD + RECORD_KEY + PER_ENTRY;
        int blocks = Math.toIntExact(room * 4 / (4 * blockCost + 3 * recordCost * 11 / 10));
        int blockSegments = Math.clamp(Integer.highestOneBit(blocks / 512 | 1), 1, 128);
        blocks = blocks / blockSegments * blockSegments;
        int records = blocks * 3 / 4;
        int recordSegments = Math.clamp(Integer.highestOneBit(records / 4096 | 1), 1, 64);
        int share = records / recordSegments;
        // Six standard deviations: with keys as good as random no segment of any shard ever fills up before the whole.
        int spare = recordSegments == 1 ? 0 : (int) Math.ceil(6 * Math.sqrt(share));
        return new Geometry(blocks, blockSegments, share * recordSegments, recordSegments, share + spare);
    }

    /// Blocks that a body takes.
    static int blocksFor(long length) {
        return Math.toIntExact((length + BLOCK - 1) / BLOCK);
    }

    /// Blocks that one object may take: a share of the shard, and what a record can list.
    int objectBlocks() {
        return Math.min(blocks / 4, ObjectRecord.MOST_BLOCKS);
    }
}
