package dev.nearside.load.bench;

import dev.nearside.edge.key.CacheKey;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Objects into a disk tier that is full: each under a new key, so that as much goes as comes. As the store's pool does
/// it, into the page cache.
@State(Scope.Thread)
public class DiskWriteBenchmark {

    private static final int KEY_BYTES = 100;

    @Param({"1024", "65536", "1048576"})
    public int body;

    @Param("128")
    public int megabytes;

    private final CacheKey.Target target = new CacheKey.Target("shop", Sample.path(0), Sample.path(0));
    private Disk disk = Disk.smallest();
    private ByteBuf content = Disk.body(0);
    private long written;

    @Setup
    public void fill() throws IOException {
        disk.close();
        long room = (long) megabytes << 20;
        disk = new Disk(room);
        content = Disk.body(body);
        for (long stored = 0; stored < room; stored += Math.max(body, 4_096)) write();
    }

    @TearDown
    public void close() throws IOException {
        content.release();
        disk.close();
    }

    @Benchmark
    public boolean write() throws IOException {
        var key = ByteBuffer.allocate(KEY_BYTES).putLong(written++).array();
        return disk.store(new CacheKey(key, target), content);
    }
}
