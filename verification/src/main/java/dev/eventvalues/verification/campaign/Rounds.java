package dev.eventvalues.verification.campaign;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * The plans of a soak's rounds, which follow from its seed: one fault in each, dealt from a pack in which every kind is
 * once, and which is shuffled anew when it is used up. Used by one thread.
 */
final class Rounds {
    private static final int BRIEF_MILLIS = 300;
    private static final int USUAL_MILLIS = 2_000;
    private static final int LONG_MILLIS = 8_000;

    private final long seed;
    private final List<Fault> kinds;
    private final Random random;
    private final Deque<Fault> pack = new ArrayDeque<>();

    /**
     * Those of one soak.
     *
     * @param kinds of faults that are possible here
     */
    Rounds(long seed, List<Fault> kinds) {
        this.seed = seed;
        this.kinds = List.copyOf(kinds);
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /**
     * The plan of the next round.
     *
     * @param atMillis when its fault is to strike, as the round has it
     */
    Plan next(int atMillis) {
        Blow blow = Blow.drawn(dealt(), random);
        int lasts = duration(blow.fault());
        int disturbed = atMillis + random.nextInt(lasts + 1);
        return new Plan(
                seed,
                List.of(blow),
                List.of(
                        new Plan.Step(atMillis, Plan.Act.INFLICT, 0),
                        new Plan.Step(disturbed, Plan.Act.DISTURB, 0),
                        new Plan.Step(atMillis + lasts, Plan.Act.HEAL, 0)));
    }

    /** The plan of a round without a fault. */
    Plan calm(int millis) {
        return new Plan(seed, List.of(), List.of(new Plan.Step(millis, Plan.Act.DISTURB, 0)));
    }

    private Fault dealt() {
        if (pack.isEmpty()) {
            List<Fault> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            pack.addAll(shuffled);
        }
        return pack.remove();
    }

    private int duration(Fault fault) {
        if (fault == Fault.TOKEN_EXPIRED) {
            return 2 * Secrets.TOKENS_LIVE_MILLIS;
        }
        if (fault.passes()) {
            return 0;
        }
        return switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(BRIEF_MILLIS);
            case 1 -> USUAL_MILLIS + random.nextInt(LONG_MILLIS);
            default -> USUAL_MILLIS + random.nextInt(USUAL_MILLIS);
        };
    }
}
