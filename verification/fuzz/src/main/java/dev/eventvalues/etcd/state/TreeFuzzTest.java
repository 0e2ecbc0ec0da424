package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.eventvalues.etcd.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Whatever is done to a tree, it holds what a Java map would hold, and its differences are those of the maps. */
class TreeFuzzTest {
    private Tree<String> tree = Tree.empty();
    private final TreeMap<Key, String> model = new TreeMap<>();

    @FuzzTest
    void aTreeHoldsWhatAMapHolds(FuzzedDataProvider data) {
        tree = Tree.empty();
        model.clear();
        for (int i = 0; i < 500 && data.remainingBytes() > 0; i++) {
            Tree<String> before = tree;
            TreeMap<Key, String> modelBefore = new TreeMap<>(model);
            change(data);
            assertDifference(before, modelBefore);
        }
        assertSame();
    }

    private void change(FuzzedDataProvider data) {
        Key key = Key.of(data.consumeBytes(2));
        switch (data.consumeInt(0, 5)) {
            case 0, 1, 2 -> {
                String value = data.consumeBoolean() ? "x" : "y";
                tree = tree.put(key, value);
                model.put(key, value);
            }
            case 3 -> {
                tree = tree.remove(key);
                model.remove(key);
            }
            case 4 -> {
                assertThat(tree.rank(key)).isEqualTo(model.headMap(key).size());
                assertThat(tree.get(key)).isEqualTo(model.get(key));
                List<Key> rest = new ArrayList<>();
                tree.iterator(key, null).forEachRemaining(entry -> rest.add(entry.getKey()));
                assertThat(rest).isEqualTo(List.copyOf(model.tailMap(key).keySet()));
            }
            default -> {
                Tree<String> fresh = Tree.ofSorted(
                        List.copyOf(model.headMap(key).entrySet()), Map.Entry::getKey, Map.Entry::getValue);
                tree = tree.rebase(fresh, Objects::equals);
                model.tailMap(key).clear();
            }
        }
    }

    private void assertDifference(Tree<String> before, Map<Key, String> modelBefore) {
        TreeMap<Key, String> patched = new TreeMap<>(modelBefore);
        Tree.diff(before, tree, (key, was, is) -> {
            assertThat(patched.get(key)).isEqualTo(was);
            if (is == null) {
                patched.remove(key);
            } else {
                patched.put(key, is);
            }
        });
        assertThat(patched).isEqualTo(model);
        assertThat(tree.size()).isEqualTo(model.size());
    }

    private void assertSame() {
        List<Map.Entry<Key, String>> entries = new ArrayList<>();
        tree.iterator().forEachRemaining(entries::add);
        assertThat(entries).isEqualTo(List.copyOf(model.entrySet()));
        for (int i = 0; i < entries.size(); i++) {
            assertThat(tree.entryAt(i)).isEqualTo(entries.get(i));
        }
    }
}
