package dev.eventvalues.verification.lincheck;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jspecify.annotations.Nullable;

/**
 * Something to run in many interleavings.
 *
 * @param subject has the operations, and a constructor without arguments
 * @param sequential what the operations must look like one after another; null if they must only not throw
 * @param threads the calls that each thread makes
 */
record Scenario(Class<?> subject, @Nullable Class<?> sequential, List<List<Call>> threads) {
    /**
     * After so long, one interleaving counts as hung. It is the clock on the wall: a process that others leave nothing of the
     * processor must have time to end it. That nobody can go on, and that a loop has no end, is found without it.
     */
    private static final long LONGEST_MILLIS = 3_600_000;

    /**
     * After so many rounds of one loop, it counts as endless. Where parks end for no reason, Lincheck lets a waiting thread
     * go round ten times whenever it is its turn; after its usual 50 it takes a thread that the others let wait for long for
     * one that waits for ever.
     */
    private static final int LONGEST_LOOP = 1_000;

    /** One call. */
    record Call(String operation, List<Object> arguments) {
        Call(String operation, Object... arguments) {
            this(operation, List.of(arguments));
        }

        @Override
        public String toString() {
            return operation + arguments.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /**
     * Runs it.
     *
     * @param interleavings how many at most; there may be fewer
     * @return what went wrong, with the interleaving that led to it; null if nothing did
     */
    @Nullable
    String failure(int interleavings) {
        List<List<Actor>> actors = new ArrayList<>();
        for (List<Call> calls : threads) {
            actors.add(calls.stream()
                    .map(call -> new Actor(method(call.operation()), call.arguments()))
                    .toList());
        }
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(0) // none but ours
                .addCustomScenario(new ExecutionScenario(List.of(), actors, List.of(), null))
                .invocationsPerIteration(interleavings)
                .minimizeFailedScenario(false)
                .loopBound(LONGEST_LOOP)
                .invocationTimeout$lincheck(LONGEST_MILLIS)
                .verifier(sequential == null ? Judge.NoThrow.class : Judge.Linearizable.class);
        if (sequential != null) {
            options.sequentialSpecification(sequential);
        }
        try {
            options.check(subject);
            return null;
        } catch (LincheckAssertionError error) {
            return String.valueOf(error.getMessage());
        }
    }

    private Method method(String name) {
        return Arrays.stream(subject.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return threads.stream()
                .map(calls -> calls.stream().map(Call::toString).collect(Collectors.joining("; ")))
                .collect(Collectors.joining(" | "));
    }
}
