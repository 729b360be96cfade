package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellTreeTest {

    private final List<byte[]> lists = new ArrayList<>();

    private long write(byte[] list) {
        lists.add(list.clone());
        return CellTree.place(-lists.size() & 0x7fff_ffff, 0);
    }

    private byte[] read(long place) {
        return lists.get((-CellTree.cell(place) & 0x7fff_ffff) - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64, 0",
        "1, 64, 0",
        "64, 64, 0",
        "65, 64, 1",
        "512, 64, 1",
        "513, 64, 1",
        "512, 512, 0",
        "32768, 64, 1",
        "32769, 64, 2",
        "262144, 64, 2",
        "1048577, 64, 2"
    })
    void everyPlaceIsFoundWhileItGrowsAndAfterwards(int count, int most, int depth) throws IOException {
        var tree = new CellTree();
        for (int i = 0; i < count; i++) {
            tree.add(CellTree.place(i, -i), this::write);
            if (i % 9_973 == 0)
                assertThat(tree.places(i / 2, 1, this::read)).containsExactly(CellTree.place(i / 2, -(i / 2)));
        }
        tree.finish(most, this::write);
        assertThat(tree.depth()).isEqualTo(depth);
        assertThat(tree.top()).hasSizeLessThanOrEqualTo(most);

        var again = CellTree.of(count, tree.depth(), tree.top());
        for (int i = 0; i < count; i += 16) {
            int number = Math.min(16, count - i);
            var places = again.places(i, number, this::read);
            for (int k = 0; k < number; k++)
                assertThat(CellTree.cell(places[k])).isEqualTo(i + k);
        }
        var cells = new Runs();
        again.collect(cells, this::read);
        assertThat(cells.cells()).isEqualTo(count + lists.size());
    }
}
