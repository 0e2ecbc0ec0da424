package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Whether the samples of a soak show that nothing grows.
 *
 * <p>What can be counted must come back to what it was before the first fault, after each of them. The heap has no such
 * number: classes are loaded and buffers pooled as they are first needed. So the first quarter of the rounds is left out; of
 * the others, the median of the last quarter may be only a little more than that of the first.
 */
final class Steadiness {
    /** How much more of the heap may live in the end: one chunk of Netty's pool of buffers is there or not. */
    static final long HEAP_TOLERANCE = 2 << 20;

    private static final double MEGABYTE = 1 << 20;

    private final Sample atFirst;
    private final List<Sample> rounds;

    /**
     * Judges samples.
     *
     * @param samples the one before the first fault, and one for each round
     */
    Steadiness(List<Sample> samples) {
        if (samples.size() < 2) {
            throw new IllegalArgumentException("at least one round is needed to compare with what was before it");
        }
        this.atFirst = samples.get(0);
        this.rounds = List.copyOf(samples.subList(1, samples.size()));
    }

    /** What grows; nothing is good. Each names the moment at which it was first seen. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        staysTheSame("threads", sample -> sample.process().ownThreads()).ifPresent(findings::add);
        staysTheSame("open files", sample -> sample.process().files()).ifPresent(findings::add);
        staysTheSame("sockets", sample -> sample.process().sockets().size()).ifPresent(findings::add);
        staysTheSame("watches on the servers", Sample::watches).ifPresent(findings::add);
        aPoolEndsItsThreads(sample -> sample.process().pooledThreads()).ifPresent(findings::add);
        theHeapsFloorIsFlat().ifPresent(findings::add);
        return findings;
    }

    private <T> Optional<String> staysTheSame(String what, Function<Sample, T> count) {
        T expected = count.apply(atFirst);
        List<Sample> others = rounds.stream()
                .filter(sample -> !count.apply(sample).equals(expected))
                .toList();
        return others.stream()
                .findFirst()
                .map(other -> String.format(
                        Locale.ROOT,
                        "%s: at first %s, then %s (%s); others than at first in %d of %d rounds",
                        what,
                        expected,
                        count.apply(other),
                        other.moment(),
                        others.size(),
                        rounds.size()));
    }

    /** Its idle threads end after a minute, so it has more or fewer at any moment; but not for ever more than ever before. */
    private Optional<String> aPoolEndsItsThreads(ToIntFunction<Sample> count) {
        int most = IntStream.concat(
                        IntStream.of(count.applyAsInt(atFirst)),
                        rounds.subList(0, rounds.size() - quarter()).stream().mapToInt(count))
                .max()
                .orElseThrow();
        int least = late().stream().mapToInt(count).min().orElseThrow();
        return least <= most
                ? Optional.empty()
                : Optional.of("threads of gRPC's pool: at most " + most + " for long, at least " + least
                        + " in the end (" + late().get(0).moment() + ")");
    }

    private Optional<String> theHeapsFloorIsFlat() {
        long more = heapLate() - heapEarly();
        return more <= HEAP_TOLERANCE
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the heap's floor rises: %.2f MB early, %.2f MB late (median from %s)",
                        heapEarly() / MEGABYTE,
                        heapLate() / MEGABYTE,
                        late().get(0).moment()));
    }

    /** How much of the heap lived after the rounds left out. */
    long heapEarly() {
        return median(early());
    }

    /** How much of the heap lived in the end. */
    long heapLate() {
        return median(late());
    }

    /** How many guests have come and gone from the one to the other. */
    long guestsBetween() {
        return middle(late()).guests() - middle(early()).guests();
    }

    private static Sample middle(List<Sample> samples) {
        return samples.get(samples.size() / 2);
    }

    private static long median(List<Sample> samples) {
        return samples.stream()
                .map(sample -> sample.process().heapBytes())
                .sorted()
                .toList()
                .get((samples.size() - 1) / 2);
    }

    private List<Sample> early() {
        return warm().subList(0, quarter());
    }

    private List<Sample> late() {
        return warm().subList(warm().size() - quarter(), warm().size());
    }

    private List<Sample> warm() {
        return rounds.subList(rounds.size() / 4, rounds.size());
    }

    private int quarter() {
        return Math.max(Math.min(2, warm().size()), warm().size() / 4);
    }
}
