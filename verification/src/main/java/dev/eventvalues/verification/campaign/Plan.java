package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What is to happen in one schedule. It follows from the seed alone: the first two faults are the pair whose turn it is,
 * so as many seeds in a row as there are ordered pairs try each of them once; the rest is drawn.
 *
 * @param seed of the plan
 * @param blows the faults, in the order in which they strike
 * @param steps when what happens, in that order
 */
record Plan(long seed, List<Blow> blows, List<Step> steps) {
    /** What happens at a time. */
    record Step(int atMillis, Act act, int blow) {}

    enum Act {
        INFLICT,
        HEAL,
        /** Watchers, waits and a connection are ended in the middle of it all. */
        DISTURB
    }

    static Plan of(long seed) {
        return new Drawing(seed).plan();
    }

    /** How many ordered pairs of faults there are. */
    static int pairs() {
        return Fault.all().size() * Fault.all().size();
    }

    boolean isSecured() {
        return blows.stream().anyMatch(blow -> blow.fault().isSecured());
    }

    /** The two faults that are this seed's turn. */
    List<Blow> pair() {
        return blows.subList(0, 2);
    }

    Fault first() {
        return blows.get(0).fault();
    }

    Fault second() {
        return blows.get(1).fault();
    }

    @Override
    public String toString() {
        return steps.stream()
                .map(step -> "%6d ms  %s%s"
                        .formatted(
                                step.atMillis(),
                                step.act().name().toLowerCase(Locale.ROOT),
                                step.act() == Act.DISTURB ? "" : " " + blows.get(step.blow())))
                .collect(Collectors.joining("\n", "plan of seed " + seed + "\n", ""));
    }

    /** Draws the lots of one plan. */
    private static final class Drawing {
        /** A prime, so that it visits all pairs, and neighbouring seeds have little in common. */
        private static final long STRIDE = 7_919;

        private static final int BRIEF = 60;
        private static final int USUAL = 300;
        private static final int LONG = 1_700;

        private final long seed;
        private final Random random;
        private final List<Blow> blows = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();

        Drawing(long seed) {
            this.seed = seed;
            this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        }

        Plan plan() {
            List<Fault> kinds = Fault.all();
            int pair = (int) (seed * STRIDE % pairs());
            Blow first = Blow.drawn(kinds.get(pair / kinds.size()), random);
            Blow second = beside(first, Blow.drawn(kinds.get(pair % kinds.size()), random));
            blows.add(first);
            blows.add(second);
            int at = 20 + random.nextInt(100);
            steps.add(new Step(at, Act.INFLICT, 0));
            int end = at + duration(first.fault());
            int next = random.nextInt(4) > 0 && mayOverlap(first.fault(), second.fault())
                    ? at + random.nextInt(end - at + 1)
                    : end + 1 + random.nextInt(200);
            int nextEnd = next + duration(second.fault());
            if (next <= end && first.fault().asks() && second.fault().harm() == Fault.Harm.CLUSTER) {
                end = nextEnd + 1; // it cannot be mended before there is a majority again
            }
            steps.add(new Step(end, Act.HEAL, 0));
            steps.add(new Step(next, Act.INFLICT, 1));
            steps.add(new Step(nextEnd, Act.HEAL, 1));
            int last = Math.max(end, nextEnd);
            if (random.nextInt(5) == 0) {
                blows.add(Blow.drawn(third(kinds), random));
                int third = last + 1 + random.nextInt(300);
                steps.add(new Step(third, Act.INFLICT, 2));
                steps.add(new Step(third + duration(blows.get(2).fault()), Act.HEAL, 2));
            }
            steps.add(new Step(at + random.nextInt(last - at + 1), Act.DISTURB, 0));
            steps.sort(Comparator.comparingInt(Step::atMillis));
            return new Plan(seed, List.copyOf(blows), List.copyOf(steps));
        }

        /** None that would need other clusters than the first two. */
        private Fault third(List<Fault> kinds) {
            while (true) {
                Fault drawn = kinds.get(random.nextInt(kinds.size()));
                if (!drawn.isSecured()) {
                    return drawn;
                }
            }
        }

        /** Two of three members are needed by what asks the cluster. */
        private static Blow beside(Blow first, Blow second) {
            boolean asks = first.fault().asks() || second.fault().asks();
            boolean both =
                    first.fault().harm() == Fault.Harm.MEMBER && second.fault().harm() == Fault.Harm.MEMBER;
            return asks && both ? new Blow(second.fault(), first.victim(), second.amount()) : second;
        }

        private static boolean mayOverlap(Fault first, Fault second) {
            return !(second.asks() && first.harm() == Fault.Harm.CLUSTER);
        }

        private int duration(Fault fault) {
            if (fault == Fault.TOKEN_EXPIRED) {
                return 2 * Secrets.TOKENS_LIVE_MILLIS;
            }
            if (fault.passes()) {
                return 0;
            }
            int kind = random.nextInt(20);
            return kind < 5
                    ? 1 + random.nextInt(BRIEF)
                    : kind < 16 ? 1 + random.nextInt(USUAL) : LONG + random.nextInt(USUAL);
        }
    }
}
