package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** One {@code set} while many wait: when it returns, and when the last of them has the state. */
final class WakeUp<E extends Entrant> implements Harness<E> {
    private final String row;
    private final List<E> entrants;
    private final boolean possible;
    private final int warmUp;
    private final int rounds;
    private final Gathering<E> gathering;

    /** {@code warmUp} rounds come first, then those that are measured. */
    WakeUp(String row, List<E> entrants, boolean possible, int warmUp, int rounds, Gathering<E> gathering) {
        this.row = row;
        this.entrants = entrants;
        this.possible = possible;
        this.warmUp = warmUp;
        this.rounds = rounds;
        this.gathering = gathering;
    }

    @Override
    public List<E> entrants() {
        return entrants;
    }

    @Override
    public boolean possible() {
        return possible;
    }

    @Override
    public List<Figure> measure(E entrant, Scale scale) throws InterruptedException {
        List<Figure> figures = new ArrayList<>();
        States states = new States();
        int unmeasured = scale == Scale.SMOKE ? 1 : warmUp;
        double[] returned = new double[scale == Scale.SMOKE ? 3 : rounds];
        double[] all = new double[returned.length];
        for (int waiters : scale.waiters) {
            Crowd crowd = gathering.of(entrant, waiters);
            for (int i = -unmeasured; i < all.length; i++) {
                Crowd.Wake wake = crowd.wake(states.next());
                if (i >= 0) {
                    returned[i] = wake.returnedNanos() / 1e3;
                    all[i] = wake.allNanos() / 1e3;
                }
            }
            crowd.end();
            figures.add(Figure.of(row, waiters, entrant, "returned", "µs", returned));
            figures.add(Figure.of(row, waiters, entrant, "all", "µs", all));
        }
        return figures;
    }

    /** Brings together those who wait. */
    @FunctionalInterface
    interface Gathering<E> {
        Crowd of(E entrant, int size) throws InterruptedException;
    }
}
