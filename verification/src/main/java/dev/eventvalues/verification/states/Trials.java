package dev.eventvalues.verification.states;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Tries seed after seed, on all processors, and writes down what came of each chunk of them. */
final class Trials {
    /** What is counted of something that is meant to be broken. */
    static final String FOUND = "found broken";

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What came of a seed.
     *
     * @param tally what was counted
     * @param broken what did not hold; null if all did
     */
    record Tried(Map<String, Long> tally, @Nullable String broken) {
        /** Of the product a break is a finding; of what is meant to be broken, it is what is counted. */
        static Tried of(Map<String, Long> tally, Invariant.@Nullable Broken broken, boolean product) {
            if (product || broken == null) {
                return new Tried(tally, broken == null ? null : broken.getMessage());
            }
            Map<String, Long> more = new TreeMap<>(tally);
            more.put(FOUND, 1L);
            return new Tried(more, null);
        }
    }

    private final Kind kind;
    private final Amount amount;
    private final int chunk;
    private long lastTold;

    /**
     * Prepares trials.
     *
     * @param kind of the evidence
     * @param chunk how many seeds are written down together
     */
    Trials(Kind kind, Amount amount, int chunk) {
        this.kind = kind;
        this.amount = amount;
        this.chunk = chunk;
    }

    /**
     * Tries the next seeds.
     *
     * @param subject what is tried
     * @param otherwise how many seeds, if the amount does not say
     * @param end the seed behind the last there is
     * @param trial tries one
     * @return what came of them
     */
    Tally run(Subject subject, long otherwise, long end, LongFunction<Tried> trial)
            throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(kind);
        long first = ledger.next(subject);
        long stop = Math.min(end, saturated(first, amount.count(otherwise)));
        BooleanSupplier time = amount.clock();
        long started = System.nanoTime();
        Tally all = new Tally();
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            for (long next = first; next < stop && time.getAsBoolean(); next += chunk) {
                long behind = Math.min(stop, next + chunk);
                Tally part = together(workers, next, behind, trial);
                all.add(part);
                if (amount.keeps()) {
                    ledger.add(new Evidence(
                            subject,
                            next,
                            behind - next,
                            LocalDate.now(ZoneOffset.UTC).toString(),
                            part.counted,
                            part.findings));
                }
                tell(subject, behind - first, stop - first, all, started);
            }
        } finally {
            workers.shutdown();
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,d seeds from %d in %.1f s, %s; %d broken%n",
                subject.name(),
                all.tried,
                first,
                (System.nanoTime() - started) / 1e9,
                all.counted,
                all.broken);
        return all;
    }

    private static long saturated(long first, long count) {
        return count > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + count;
    }

    private static Tally together(ExecutorService workers, long first, long end, LongFunction<Tried> trial)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        List<Future<Tally>> parts = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            parts.add(workers.submit(() -> {
                Tally part = new Tally();
                for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                    part.add(seed, trial.apply(seed));
                }
                return part;
            }));
        }
        Tally all = new Tally();
        for (Future<Tally> part : parts) {
            try {
                all.add(part.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a trial failed by itself", e.getCause());
            }
        }
        return all;
    }

    private void tell(Subject subject, long done, long of, Tally all, long started) {
        long now = System.nanoTime();
        if (now - lastTold > PROGRESS_NANOS) {
            lastTold = now;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d of %s, %d broken, %,.0f a minute%n",
                    subject.name(),
                    done,
                    of > Integer.MAX_VALUE ? "as many as fit" : String.format(Locale.ROOT, "%,d", of),
                    all.broken,
                    done * 60e9 / (now - started));
        }
    }

    /** What came of some seeds. Used by one thread at a time. */
    static final class Tally {
        private static final int MOST_FINDINGS = 10;

        final SortedMap<String, Long> counted = new TreeMap<>();
        final List<String> findings = new ArrayList<>();
        long tried;
        long broken;

        private void add(long seed, Tried each) {
            tried++;
            each.tally.forEach((name, number) -> counted.merge(name, number, Long::sum));
            if (each.broken != null) {
                broken++;
                if (findings.size() < MOST_FINDINGS) {
                    findings.add("seed " + seed + ": " + each.broken);
                }
            }
        }

        private void add(Tally part) {
            tried += part.tried;
            broken += part.broken;
            part.counted.forEach((name, number) -> counted.merge(name, number, Long::sum));
            findings.addAll(part.findings.subList(0, Math.min(part.findings.size(), MOST_FINDINGS)));
        }
    }
}
