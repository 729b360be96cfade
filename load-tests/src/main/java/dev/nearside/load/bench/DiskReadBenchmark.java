package dev.nearside.load.bench;

import dev.nearside.edge.key.CacheKey;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Objects from the disk tier, found and read whole, as the store's pool does it, with files in the page cache. A body
/// of 1 KiB lies in the cell of its record.
@State(Scope.Thread)
public class DiskReadBenchmark {

    @Param({"1024", "65536", "1048576"})
    public int body;

    @Param("128")
    public int megabytes;

    private Disk disk = Disk.smallest();
    private List<CacheKey> keys = List.of();
    private List<byte[]> bytes = List.of();
    private int at;

    @Setup
    public void fill() throws IOException {
        disk.close();
        disk = new Disk((long) megabytes << 20);
        // They fill half of it at most.
        int objects = (megabytes << 20) / Math.max(2 * body, 16_384);
        keys = IntStream.range(0, objects).mapToObj(disk::key).toList();
        bytes = keys.stream().map(CacheKey::bytes).toList();
        var content = Disk.body(body);
        for (var key : keys) disk.store(key, content);
        content.release();
    }

    @TearDown
    public void close() throws IOException {
        disk.close();
    }

    @Benchmark
    public int read() throws IOException {
        at = (at + 7_919) % keys.size();
        var object = disk.tier().find(keys.get(at).digest(), bytes.get(at)).orElseThrow();
        try {
            var whole = object.readWhole(PooledByteBufAllocator.DEFAULT);
            int length = whole.readableBytes();
            whole.release();
            return length;
        } finally {
            object.close();
        }
    }
}
