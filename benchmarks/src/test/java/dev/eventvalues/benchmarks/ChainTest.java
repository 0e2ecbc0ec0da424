package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.MemoryValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That views and loops do the same work. */
class ChainTest {
    @ParameterizedTest
    @EnumSource
    void deliversEachStateThroughAllOfItsFunctions(Chain chain) throws Exception {
        for (int depth : new int[] {1, 2, 5}) {
            Links states = new Links();
            Links.Link first = states.next();
            MemoryValue<Links.Link> value = new MemoryValue<>(first);
            Chain.Reader reader = chain.open(value, depth);
            assertThat(reader.next()).isSameAs(delivered(chain, first, depth));
            Links.Link second = states.next();
            value.set(second);
            assertThat(reader.next()).isSameAs(delivered(chain, second, depth));
        }
    }

    private static Links.Link delivered(Chain chain, Links.Link state, int depth) {
        Links.Link delivered = state;
        for (int i = 0; i < depth && chain != Chain.FILTER && chain != Chain.FILTER_LOOP; i++) {
            delivered = delivered.next();
        }
        return delivered;
    }
}
