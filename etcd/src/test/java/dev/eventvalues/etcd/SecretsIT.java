package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventvalues.Watcher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values may be secrets: nothing that ends up in a log shows one. */
class SecretsIT extends ThreeMembers {
    private static final String SECRET = "p4ssw0rd";
    private static final String NEW_SECRET = "n3w p4ssw0rd";

    private final EtcdKeys keys = own(client());

    @Test
    void nothingThatIsDeliveredShowsAValueAsText() throws Exception {
        WritableEtcdValue<String> value = keys.value("a", Codec.utf8());
        WritableEtcdRange<String> range = keys.prefix("", Codec.utf8());
        value.set(SECRET);
        List<Object> shown = new ArrayList<>(List.of(keys, value, range, range.at("a")));
        try (Watcher<Changes<String>> changes = range.changes().watch()) {
            for (String next : new String[] {NEW_SECRET, null, SECRET}) {
                Changes<String> delivery = next(changes);
                shown.add(delivery);
                shown.add(delivery.changes());
                shown.addAll(delivery.changes());
                shown.add(delivery.after());
                shown.add(delivery.after().values());
                shown.add(delivery.after().values().headMap(Key.of("b")));
                shown.add(delivery.after().values().entrySet());
                shown.addAll(delivery.after().values().entrySet());
                shown.add(delivery.after().values().values());
                delivery.after().entry("a").ifPresent(shown::add);
                if (next == null) {
                    value.delete();
                } else {
                    value.set(next);
                }
            }
            shown.add(changes);
        }
        shown.add(value.entries().await(BOUND));
        assertThat(shown)
                .hasSizeGreaterThan(20)
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain("p4ssw0rd"));
    }

    @Test
    void noExceptionShowsAValue() {
        EtcdValue<Integer> number = keys.value("a", (Decoder<Integer>) (key, bytes) -> {
            throw new IllegalStateException("cannot read it");
        });
        put("a", SECRET);
        WritableEtcdValue<String> tooLarge = keys.value("b", Codec.utf8());
        List<Throwable> failures = List.of(
                catchThrowable(() -> number.await(BOUND)),
                catchThrowable(() -> tooLarge.set(SECRET.repeat(1_000_000))),
                catchThrowable(() -> tooLarge.await(state -> false, A_MOMENT)),
                catchThrowable(() -> keys.value("a", Codec.utf8()).await(state -> false, A_MOMENT)));
        assertThat(failures).allSatisfy(failure -> {
            for (Throwable each = failure; each != null; each = each.getCause()) {
                assertThat(each.toString()).doesNotContain(SECRET);
            }
        });
        assertThat(failures.get(0)).isInstanceOf(DecodeException.class);
        assertThat(failures.get(1)).isInstanceOf(EtcdException.class).hasMessageContaining("\"b\"");
    }
}
