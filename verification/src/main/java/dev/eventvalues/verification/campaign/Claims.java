package dev.eventvalues.verification.campaign;

import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValue;
import dev.eventvalues.etcd.Freshness;
import dev.eventvalues.etcd.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks again and again at what is called fresh, and notes which state was. Used by the thread it runs on. */
final class Claims implements Runnable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(4);

    private final Crowd crowd;
    private final EtcdValue<String> value;
    private final String key;
    private final EtcdRange<String> range;
    private Sighting.@Nullable Claim ofKey;
    private Sighting.@Nullable Claim ofRange;

    Claims(Crowd crowd, EtcdValue<String> value, String key, EtcdRange<String> range) {
        this.crowd = crowd;
        this.value = value;
        this.key = key;
        this.range = range;
    }

    @Override
    public void run() {
        try {
            while (!crowd.over()) {
                ofKey = look(
                        ofKey,
                        key,
                        value.freshness()::current,
                        () -> value.current().map(this::state));
                ofRange = look(
                        ofRange,
                        null,
                        range.freshness()::current,
                        () -> range.current().map(Claims::state));
                Scene.pass(BETWEEN_LOOKS);
            }
        } catch (IllegalStateException e) {
            // the connection is closed
        }
        end(ofKey);
        end(ofRange);
    }

    private Sighting.@Nullable Claim look(
            Sighting.@Nullable Claim before,
            @Nullable String of,
            Supplier<Optional<Freshness>> freshness,
            Supplier<Optional<SortedMap<String, String>>> shown) {
        long nanos = System.nanoTime();
        Instant now = Instant.now();
        if (!(freshness.get().orElse(null) instanceof Freshness.Fresh fresh)) {
            end(before);
            return null;
        }
        SortedMap<String, String> state = shown.get().orElseGet(Collections::emptySortedMap); // later, so only newer
        Instant confirmed = fresh.confirmedAt();
        long age = Duration.between(confirmed, now).toMillis();
        if (before == null || !before.state().equals(state)) {
            end(before);
            return new Sighting.Claim(
                    of == null ? "freshness of the range" : "freshness of " + of,
                    nanos,
                    nanos,
                    confirmed,
                    age,
                    of,
                    state);
        }
        return new Sighting.Claim(
                before.watcher(),
                before.nanos(),
                nanos,
                confirmed.isAfter(before.confirmedAt()) ? confirmed : before.confirmedAt(),
                Math.max(age, before.oldestMillis()),
                of,
                state);
    }

    private void end(Sighting.@Nullable Claim claim) {
        if (claim != null) {
            crowd.note(claim);
        }
    }

    private SortedMap<String, String> state(Optional<String> now) {
        SortedMap<String, String> state = new TreeMap<>();
        now.ifPresent(present -> state.put(key, present));
        return state;
    }

    private static SortedMap<String, String> state(Snapshot<String> snapshot) {
        SortedMap<String, String> state = new TreeMap<>();
        snapshot.values().forEach((each, present) -> state.put(each.toString(), present));
        return state;
    }
}
