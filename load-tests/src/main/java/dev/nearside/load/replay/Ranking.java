package dev.nearside.load.replay;

/// Objects in a heap, the one of least value on top.
final class Ranking {

    private final int[] heap;
    private final int[] place;
    private final double[] value;
    private int size;

    Ranking(int objects) {
        this.heap = new int[objects];
        this.place = new int[objects];
        this.value = new double[objects];
    }

    int least() {
        return heap[0];
    }

    double value(int object) {
        return value[object];
    }

    void add(int object, double worth) {
        value[object] = worth;
        place[object] = size;
        heap[size] = object;
        up(size++);
    }

    void change(int object, double worth) {
        value[object] = worth;
        up(place[object]);
        down(place[object]);
    }

    void removeLeast() {
        int last = heap[--size];
        if (size == 0) return;
        heap[0] = last;
        place[last] = 0;
        down(0);
    }

    private void up(int from) {
        int at = from;
        int object = heap[at];
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (value[heap[parent]] <= value[object]) break;
            put(heap[parent], at);
            at = parent;
        }
        put(object, at);
    }

    private void down(int from) {
        int at = from;
        int object = heap[at];
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && value[heap[child + 1]] < value[heap[child]]) child++;
            if (value[object] <= value[heap[child]]) break;
            put(heap[child], at);
            at = child;
        }
        put(object, at);
    }

    private void put(int object, int at) {
        heap[at] = object;
        place[object] = at;
    }
}
