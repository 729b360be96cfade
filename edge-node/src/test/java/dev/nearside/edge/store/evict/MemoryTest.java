package dev.nearside.edge.store.evict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private final Random random = new Random(1);

    @Test
    void remembersUntilNewerOnesNeedThePlace() {
        var memory = new Memory();
        memory.fit(10_000);
        var prints = random.longs(10_000).mapToInt(Memory::print).toArray();
        for (int i = 0; i < prints.length; i++) memory.put(prints[i], 1 + i % Memory.MOST);
        int known = 0;
        for (int i = 5_000; i < prints.length; i++) if (memory.count(prints[i]) == 1 + i % Memory.MOST) known++;
        assertThat(known).as("of the newer half").isGreaterThan(4_900);

        random.longs(100_000).mapToInt(Memory::print).forEach(print -> memory.put(print, 1));
        int stillKnown = 0;
        for (int print : prints) if (memory.count(print) > 0) stillKnown++;
        assertThat(stillKnown).as("after ten times as many others").isLessThan(100);
    }

    @Test
    void takesAStrangerForAnotherOnlyRarely() {
        var memory = new Memory();
        memory.fit(300_000);
        random.longs(400_000).mapToInt(Memory::print).forEach(print -> memory.put(print, 1));
        long mistaken = random.longs(100_000)
                .mapToInt(Memory::print)
                .filter(print -> memory.count(print) > 0)
                .count();
        assertThat(mistaken).isLessThan(300);
    }

    @Test
    void keepsWhatItKnowsWhenItGrowsAndShrinks() {
        var memory = new Memory();
        memory.put(17, 3);
        memory.put(18, 15);
        memory.fit(1_000_000);
        assertThat(memory.count(17)).isEqualTo(3);
        memory.fit(10);
        assertThat(memory.count(18)).isEqualTo(15);
        assertThat(memory.take(18)).isEqualTo(15);
        assertThat(memory.count(18)).isZero();
        assertThat(memory.take(18)).isZero();
    }

    @Test
    void knowsAKeyOnce() {
        var memory = new Memory();
        memory.put(0, 1);
        memory.put(0, 2);
        assertThat(memory.take(0)).isEqualTo(2);
        assertThat(memory.count(0)).isZero();
    }
}
