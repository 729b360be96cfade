package dev.nearside.edge.accept;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is known by the bytes of request heads: a table of fixed size for one event loop. A newer head takes the place
/// of an older one; no number of heads, whatever they are, makes looking one up slower.
///
/// @param <T> what is known
public final class KnownHeads<T> {

    /// In bytes; a longer head is not looked at.
    public static final int LONGEST = 2_048;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private final @Nullable Place<T>[] places;
    private final long[] seen;
    private final long seed;
    private final int mask;

    private static final class Place<T> {
        private final byte[] head;
        private final long hash;
        private final T known;

        Place(byte[] head, long hash, T known) {
            this.head = head;
            this.hash = hash;
            this.known = known;
        }
    }

    /// Knows nothing yet.
    ///
    /// @param size how many heads there is room for; a power of two
    /// @param seed that nobody knows
    @SuppressWarnings("unchecked")
    public KnownHeads(int size, long seed) {
        this.places = (Place<T>[]) new Place<?>[size];
        this.seen = new long[size];
        this.seed = seed;
        this.mask = size - 1;
    }

    /// What is known by these bytes, and by all of them; null if nothing is.
    public @Nullable T find(ByteBuf from, int at, int length) {
        if (length > LONGEST) return null;
        long hash = hash(from, at, length);
        var place = places[(int) hash & mask];
        return place != null && place.hash == hash && isSame(place.head, from, at, length) ? place.known : null;
    }

    /// A copy of these bytes, if the same ones have come before, lately: what comes once is not worth knowing.
    public byte @Nullable [] familiar(ByteBuf from, int at, int length) {
        if (length > LONGEST) return null;
        long hash = hash(from, at, length);
        int place = (int) hash & mask;
        if (seen[place] != hash) {
            seen[place] = hash;
            return null;
        }
        var bytes = new byte[length];
        from.getBytes(at, bytes);
        return bytes;
    }

    /// From now on this is known by these bytes.
    ///
    /// @param head as {@link #familiar} gave it
    public void learn(byte[] head, T known) {
        long hash = hash(Unpooled.wrappedBuffer(head), 0, head.length);
        places[(int) hash & mask] = new Place<>(head, hash, known);
    }

    /// From now on nothing is known.
    public void forget() {
        Arrays.fill(places, null);
    }

    private static boolean isSame(byte[] known, ByteBuf from, int at, int length) {
        if (known.length != length) return false;
        int i = 0;
        for (; i + 8 <= length; i += 8) if ((long) LONGS.get(known, i) != from.getLongLE(at + i)) return false;
        for (; i < length; i++) if (known[i] != from.getByte(at + i)) return false;
        return true;
    }

    private long hash(ByteBuf from, int at, int length) {
        long hash = seed ^ length;
        int i = 0;
        for (; i + 8 <= length; i += 8) hash = mixed(hash, from.getLongLE(at + i));
        long rest = 0;
        for (; i < length; i++) rest = rest << 8 | from.getByte(at + i) & 0xff;
        hash = mixed(hash, rest);
        return hash ^ hash >>> 32;
    }

    private static long mixed(long hash, long more) {
        long sum = (hash ^ more) * ODD;
        return sum ^ sum >>> 29;
    }
}
