package dev.eventvalues.verification.states;

/** Random numbers that are the same on every JVM, for as long as a seed is written anywhere (SplitMix64, Steele et al.). */
final class Dice {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private long state; // the thread that throws

    Dice(long seed) {
        state = mix(seed);
    }

    /** The dice of one step of a schedule, so that a step does the same when others are left out. */
    Dice(long seed, int step) {
        state = mix(mix(seed) + step);
    }

    /** A number from 0 to below a bound. */
    int below(int bound) {
        state += GOLDEN;
        return (int) (((mix(state) >>> 32) * bound) >>> 32);
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return below(times) == 0;
    }

    private static long mix(long number) {
        long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
