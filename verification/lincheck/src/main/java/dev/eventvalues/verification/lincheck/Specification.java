package dev.eventvalues.verification.lincheck;

import dev.eventvalues.verification.lincheck.Scenario.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** What is promised, and how scenarios that could break it are drawn. */
@SuppressWarnings({"ImmutableEnumChecker", "EnumOrdinal"
}) // drawings are functions; a number that stays is all that is wanted
enum Specification {
    CELL("set, current, compareAndSet, update and poll are linearizable", Specification::cell),
    NEXT(
            "blocking next: no wake-up lost, nothing told twice or out of order",
            random -> program(
                    NextAndSet.class,
                    some(random, "su", 1, 3),
                    some(random, "su", 0, 2),
                    some(random, "ncp", 0, 2),
                    some(random, "nc", 0, 1))),
    TIMED(
            "timed next: a timeout loses nothing",
            random -> program(
                    NextAndSet.class,
                    some(random, "su", 1, 3),
                    some(random, "s", 0, 1),
                    "t" + some(random, "tdnp", 0, 3),
                    some(random, "td", 0, 1))),
    INTERRUPT(
            "an interrupt loses nothing",
            random -> program(
                    Interrupts.class,
                    some(random, "su", 1, 2),
                    some(random, "s", 0, 2),
                    some(random, "ntc", 0, 3),
                    some(random, "i", 1, 2))),
    CLOSE(
            "close ends a waiting call, and refuses later ones",
            random -> program(
                    Closing.class,
                    some(random, "su", 0, 3),
                    some(random, "ntcp", 0, 3),
                    some(random, "x", 1, 2),
                    some(random, "x", 0, 1))),
    COMBINE(
            "a thread that waits for two cells misses neither",
            random -> program(
                    CombinedCells.class,
                    some(random, "su", 0, 3),
                    some(random, "su", 0, 3),
                    some(random, "ntp", 0, 3))),
    WINNER(
            "of two concurrent calls one wins, the other is refused at once",
            random -> program(
                    OneWinner.class, some(random, "su", 0, 3), some(random, "np", 0, 4), some(random, "np", 0, 3))),
    RENDEZVOUS(
            "a rendezvous waits for all: set, close, timeout",
            random -> program(
                    Rendezvous.class,
                    some(random, "sz", 0, 2),
                    some(random, "sz", 0, 1),
                    some(random, "nptx", 0, 3),
                    some(random, "nx", 0, 1))),
    FUTURE(
            "nextAsync: told, cancelled or refused once, nothing lost",
            random -> program(
                    Futures.class, some(random, "su", 0, 3), some(random, "kx", 0, 2), some(random, "k", 0, 2))),
    LISTENER(
            "onChange: the last state is told, nothing twice",
            random -> program(
                    Listeners.class, some(random, "su", 0, 3), some(random, "su", 0, 2), some(random, "x", 0, 1)));

    private static final int VALUES = 3;

    final String sentence;
    private final Function<SplittableRandom, Scenario> drawing;

    Specification(String sentence, Function<SplittableRandom, Scenario> drawing) {
        this.sentence = sentence;
        this.drawing = drawing;
    }

    /** The scenario of this number, always the same. */
    Scenario scenario(long seed) {
        return drawing.apply(new SplittableRandom(seed * 31 + ordinal()));
    }

    private static Scenario program(Class<?> program, Object... scripts) {
        return new Scenario(program, null, List.of(List.of(new Call("run", scripts))));
    }

    /** A script of {@code fewest} to {@code most} of these letters. */
    private static String some(SplittableRandom random, String letters, int fewest, int most) {
        StringBuilder script = new StringBuilder();
        for (int left = fewest + random.nextInt(most - fewest + 1); left > 0; left--) {
            script.append(letters.charAt(random.nextInt(letters.length())));
        }
        return script.toString();
    }

    private static Scenario cell(SplittableRandom random) {
        List<List<Call>> threads = new ArrayList<>();
        int count = 2 + random.nextInt(CellOperations.WATCHERS - 1);
        for (int thread = 0; thread < count; thread++) {
            List<Call> calls = new ArrayList<>();
            for (int left = 2 + random.nextInt(3); left > 0; left--) {
                calls.add(call(random, thread));
            }
            threads.add(calls);
        }
        return new Scenario(CellOperations.class, CellOperations.Sequential.class, threads);
    }

    private static Call call(SplittableRandom random, int thread) {
        int one = 1 + random.nextInt(VALUES);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Call("set", one);
            case 2 -> new Call("current");
            case 3 -> new Call("compareAndSet", one, 1 + random.nextInt(VALUES));
            case 4 -> new Call("update");
            default -> new Call("poll", thread);
        };
    }
}
