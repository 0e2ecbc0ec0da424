package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.state.Known;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Somebody who looks at a feed now and then, and believes what is told. */
final class Consumer {
    private final Candidate.Position position;
    private final int[] keys;

    /** What has been told of each key, added up. */
    private final @Nullable String[] believed = new String[Keys.COUNT];

    private long looks;
    private long told;

    Consumer(Candidate.Position position, int[] keys) {
        this.position = position;
        this.keys = keys;
    }

    /** Looks; what it is told then must bring it to what is shown. */
    void look(Candidate.Machine machine) {
        looks++;
        for (Candidate.Told each : position.look(machine)) {
            told++;
            String before = believed[each.key()];
            if (Objects.equals(before, each.after())) {
                throw Invariant.NO_NOISE.broken(Keys.key(each.key()) + " is told to be " + show(before) + " once more");
            }
            if (!Objects.equals(before, each.before())) {
                throw differs(Invariant.ALL_IS_TOLD, each.key(), before, each.before(), "is told to have been ");
            }
            believed[each.key()] = each.after();
        }
        Known known = machine.known();
        if (known.items() != null) {
            for (int key : keys) {
                agree(Invariant.ALL_IS_TOLD, key, Referee.text(known, key));
            }
        }
    }

    /** After all faults have ended: whether what was told adds up to the truth. */
    void agree(Store store) {
        var held = store.at(store.revision());
        for (int key : keys) {
            agree(Invariant.CONVERGENCE, key, held[key] == null ? null : Referee.text(held[key]));
        }
    }

    private void agree(Invariant invariant, int key, @Nullable String is) {
        if (!Objects.equals(believed[key], is)) {
            throw differs(invariant, key, believed[key], is, "is ");
        }
    }

    private static Invariant.Broken differs(
            Invariant invariant, int key, @Nullable String believed, @Nullable String is, String verb) {
        boolean empty = (believed == null || believed.isEmpty()) && (is == null || is.isEmpty());
        return (empty ? Invariant.EMPTY_IS_NOT_ABSENT : invariant)
                .broken(Keys.key(key) + " was told to be " + show(believed) + ", and " + verb + show(is));
    }

    private static String show(@Nullable String value) {
        return value == null ? "absent" : "\"" + value + "\"";
    }

    /** How often it has looked. */
    long looks() {
        return looks;
    }

    /** How many differences it has been told. */
    long told() {
        return told;
    }
}
