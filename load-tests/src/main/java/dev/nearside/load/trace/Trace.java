package dev.nearside.load.trace;

import java.util.Arrays;

/// Who was asked for, in order. Objects are numbered from 0 in the order of their first request.
///
/// An object has one size: the largest that the trace tells of it, for smaller ones are parts of it or answers
/// without a body.
public final class Trace {

    private final int[] requests;
    private final int length;
    private final long[] sizes;
    private final int objects;

    private Trace(int[] requests, int length, long[] sizes, int objects) {
        this.requests = requests;
        this.length = length;
        this.sizes = sizes;
        this.objects = objects;
    }

    /// How many requests there are.
    public int length() {
        return length;
    }

    /// How many different objects they are for.
    public int objects() {
        return objects;
    }

    /// The object that the request of this number is for.
    public int object(int request) {
        return requests[request];
    }

    /// In bytes.
    public long size(int object) {
        return sizes[object];
    }

    /// Bytes of all different objects together.
    public long footprint() {
        return Arrays.stream(sizes, 0, objects).sum();
    }

    /// A number for an object that is as good as random, and the same in every run.
    public static long hash(long object) {
        // The finalizer of SplitMix64.
        long z = (object + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Gathers a trace, request by request.
    public static final class Builder {

        private int[] requests = new int[1 << 16];
        private int length;
        private long[] sizes = new long[1 << 12];
        private int objects;
        private final Numbers numbers = new Numbers();

        /// One more request.
        ///
        /// @param key what tells the object from others; a name as a good hash of 64 bits
        /// @param size in bytes
        public Builder request(long key, long size) {
            int object = numbers.of(key);
            if (object == objects) {
                if (objects == sizes.length) sizes = Arrays.copyOf(sizes, 2 * objects);
                objects++;
            }
            sizes[object] = Math.max(sizes[object], size);
            if (length == requests.length) requests = Arrays.copyOf(requests, 2 * length);
            requests[length++] = object;
            return this;
        }

        public Trace build() {
            return new Trace(Arrays.copyOf(requests, length), length, Arrays.copyOf(sizes, objects), objects);
        }
    }

    /// Numbers keys in the order in which they come: open addressing over two arrays.
    private static final class Numbers {

        private long[] keys = new long[1 << 13];
        private int[] numbers = new int[1 << 13];
        private int count;

        int of(long key) {
            if (2 * count == keys.length) grow();
            int at = find(key);
            if (numbers[at] == 0) {
                keys[at] = key;
                numbers[at] = ++count;
            }
            return numbers[at] - 1;
        }

        private int find(long key) {
            int mask = keys.length - 1;
            int at = (int) hash(key) & mask;
            while (numbers[at] != 0 && keys[at] != key) at = (at + 1) & mask;
            return at;
        }

        private void grow() {
            var oldKeys = keys;
            var oldNumbers = numbers;
            keys = new long[2 * oldKeys.length];
            numbers = new int[2 * oldKeys.length];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldNumbers[i] == 0) continue;
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }
}
