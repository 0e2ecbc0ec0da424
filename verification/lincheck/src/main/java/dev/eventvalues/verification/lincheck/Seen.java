package dev.eventvalues.verification.lincheck;

/** What one watcher was told: no state twice, none older than one before, and none after the last. */
final class Seen {
    private final int[] last = new int[10];
    private boolean ended;

    void add(int state) {
        Role.check(!ended, "told after the last state");
        if (state == States.END) {
            ended = true;
            return;
        }
        int setter = States.setter(state);
        Role.check(States.count(state) > last[setter], "told twice, or an older state after a newer one");
        last[setter] = States.count(state);
    }

    boolean hasEnded() {
        return ended;
    }
}
