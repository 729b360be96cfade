package dev.nearside.edge.store.offheap;

import java.util.Arrays;

/// Numbers of cells, neighbours kept together: few words even for a large object. Not for several threads.
final class Runs {

    /// So many cells from one on.
    @FunctionalInterface
    interface Reader {
        void run(int first, int count);
    }

    // First and count, in turn.
    private int[] words = new int[4];
    private int used;
    private long cells;

    void add(int cell) {
        cells++;
        if (used > 0 && words[used - 2] + words[used - 1] == cell) {
            words[used - 1]++;
            return;
        }
        if (used == words.length) words = Arrays.copyOf(words, 2 * used);
        words[used++] = cell;
        words[used++] = 1;
    }

    void addAll(int[] more) {
        for (int cell : more) add(cell);
    }

    void addAll(Runs more) {
        more.forEach((first, count) -> {
            for (int cell = first; cell < first + count; cell++) add(cell);
        });
    }

    void forEach(Reader reader) {
        for (int i = 0; i < used; i += 2) reader.run(words[i], words[i + 1]);
    }

    long cells() {
        return cells;
    }
}
