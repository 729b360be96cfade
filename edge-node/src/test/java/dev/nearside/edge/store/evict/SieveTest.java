package dev.nearside.edge.store.evict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class SieveTest {

    private final Sieve sieve = new Sieve();

    private void add(int... entries) {
        for (int entry : entries) sieve.add(entry, entry, 1);
    }

    /// Takes every victim until none is left.
    private static List<Integer> drain(Eviction eviction) {
        var gone = new ArrayList<Integer>();
        for (int victim = eviction.victim(); victim >= 0; victim = eviction.victim()) {
            gone.add(victim);
            eviction.remove(victim);
        }
        return gone;
    }

    @Test
    void theOldestWithoutAHitGoesFirst() {
        add(7, 3, 900, 1);
        sieve.hit(7);
        sieve.hit(900);
        assertThat(sieve.victim()).isEqualTo(3);
        assertThat(sieve.victim()).as("until it is removed").isEqualTo(3);
        assertThat(drain(sieve)).containsExactly(3, 1, 7, 900);
        assertThat(sieve.victim()).isNegative();
    }

    @Test
    void theHandGoesOnWhereItWas() {
        add(1, 2, 3, 4);
        sieve.hit(1);
        sieve.remove(sieve.victim());
        add(5);
        assertThat(drain(sieve)).as("1 had its second chance, 2 is gone").containsExactly(3, 4, 5, 1);
    }

    @Test
    void whatIsBeingReadIsSkipped() {
        add(1, 2, 3);
        sieve.skip(sieve.victim());
        assertThat(sieve.victim()).isEqualTo(2);
        sieve.remove(1);
        assertThat(drain(sieve)).containsExactly(2, 3);
    }

    @Test
    void aNumberIsUsedAgainWithoutItsPast() {
        add(1, 2);
        sieve.hit(1);
        sieve.remove(1);
        add(1);
        assertThat(drain(sieve)).containsExactly(2, 1);
    }

    @Test
    void whatWasLearnedSurvivesInItsOrder() throws IOException {
        add(1, 2, 3, 4, 5);
        sieve.hit(1);
        sieve.hit(4);
        assertThat(sieve.victim()).as("the hand is there").isEqualTo(2);
        // 5 is gone, 10 and 20 are others, the rest have other numbers; they were found in another order.
        var later = new Sieve();
        for (int entry : new int[] {20, 14, 13, 10, 11}) later.add(entry, entry, 1);
        restore(later, entry -> entry == 2 || entry == 5 ? -1 : entry + 10);
        assertThat(drain(later)).containsExactly(13, 20, 10, 11, 14);
    }

    private void restore(Sieve later, IntUnaryOperator now) throws IOException {
        var bytes = new ByteArrayOutputStream();
        sieve.write(new DataOutputStream(bytes));
        later.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), now);
    }
}
