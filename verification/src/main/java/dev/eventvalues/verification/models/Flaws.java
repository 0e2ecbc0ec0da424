package dev.eventvalues.verification.models;

import java.util.List;

/** Mistakes that model checking and the races must find. */
final class Flaws {
    static final List<Flaw> MODELS = List.of(
            new Flaw("a waiter joins the list and does not look again", "internal/Waiter.java", """
                                    subject.arm(waiter);
                                    outcome = subject.attempt();
                                    if (outcome != null) {
                                        return outcome;
                                    }
                    """, """
                                    subject.arm(waiter);
                    """, "next"),
            new Flaw("a set wakes those who wait, and then sets", "internal/Cell.java", """
                            Holder<T> old = (Holder<T>) NEWEST.getAndSet(this, new Holder<>(Objects.requireNonNull(state, "state")));
                            replaced(old);
                    """, """
                            waiting.wakeAll();
                            Holder<T> old = (Holder<T>) NEWEST.getAndSet(this, new Holder<>(Objects.requireNonNull(state, "state")));
                            if (old != null) {
                                old.empty();
                            }
                    """, "next"),
            new Flaw(
                    "compareAndSet compares, and then sets",
                    "internal/Cell.java",
                    "} else if (NEWEST.compareAndSet(this, now, fresh)) {",
                    "} else {\n                newest = fresh;",
                    "cell"),
            new Flaw(
                    "a call that gives up keeps the position it looked at",
                    "internal/Cell.java",
                    "            examined = seen;",
                    "            seen = examined;",
                    "timed"),
            new Flaw(
                    "an interrupt is noticed only when the state has been taken",
                    "internal/Waiter.java",
                    """
                                    if (Thread.interrupted()) {
                                        throw new InterruptedException();
                                    }
                                    outcome = subject.attempt(); // mostly what was waited for: then there is nothing to join any more
                    """,
                    """
                                    outcome = subject.attempt();
                                    if (Thread.interrupted()) {
                                        throw new InterruptedException();
                                    }
                    """,
                    "interrupt"),
            new Flaw(
                    "close wakes nobody",
                    "internal/Cursor.java",
                    "            call.wake();",
                    "            call.hashCode();",
                    "close"),
            new Flaw(
                    "a call on two values waits for one",
                    "internal/Combined.java",
                    "            for (Input<T> input : inputs) {\n                input.cursor.arm(waiter);",
                    "            for (Input<T> input : List.of(inputs[0])) {\n                input.cursor.arm(waiter);",
                    "combine"),
            new Flaw(
                    "a watcher looks whether it is free, and then enters",
                    "internal/Cursor.java",
                    "        if (!OWNER.compareAndSet(this, null, BUSY)) {",
                    "        boolean free = owner == null;\n        if (free) {\n            owner = BUSY;\n        }\n        if (!free) {",
                    "winner"),
            new Flaw(
                    "a rendezvous offers first, and then notes for whom it waits",
                    "RendezvousValue.java",
                    """
                                locked(() -> {
                                    current = offer;
                                    return offer.pending.addAll(seats);
                                });
                                cell.set(offer);
                    """,
                    """
                                cell.set(offer);
                                locked(() -> {
                                    current = offer;
                                    return offer.pending.addAll(seats);
                                });
                    """,
                    "rendezvous"),
            new Flaw(
                    "a future that is asked for does not look again once it waits",
                    "internal/Turns.java",
                    "cursor.ended() || cursor.hasMoved() || !move(RUNNING, WAITING)",
                    "!move(RUNNING, WAITING)",
                    "future"),
            new Flaw(
                    "a wake during a turn is forgotten",
                    "internal/Turns.java",
                    "now != RUNNING || move(RUNNING, WOKEN)",
                    "true",
                    "listener"),
            new Flaw(
                    "a thread forgets that it was woken after it has looked",
                    "internal/BlockedThread.java",
                    "        if (SIGNAL.compareAndSet(this, null, Signal.PARKED)) {",
                    "        signal = null;\n        if (SIGNAL.compareAndSet(this, null, Signal.PARKED)) {",
                    "next"));

    static final List<Flaw> RACES = List.of(
            new Flaw(
                    "a waker takes a node by a release store",
                    "internal/WaitStack.java",
                    "                waiter = null;",
                    "                WAITER.setRelease(this, null);",
                    "WaitRaces.TwoListsWakeOne"),
            new Flaw(
                    "whoever gives up takes dead nodes off without comparing",
                    "internal/WaitStack.java",
                    "            popped |= HEAD.compareAndSet(this, top, top.next) && top == node;",
                    "            head = top.next;\n            popped |= top == node;",
                    "WaitRaces.UnlinkAndJoin"),
            new Flaw(
                    "an update does not compare",
                    "internal/Cell.java",
                    "                if (NEWEST.compareAndSet(this, now, new Holder<>(state))) {",
                    "                newest = new Holder<>(state);\n                if (state != null) {",
                    "CellRaces.TwoUpdates"),
            new Flaw(
                    "a watcher looks whether it is free, and then enters",
                    "internal/Cursor.java",
                    "        if (!OWNER.compareAndSet(this, null, BUSY)) {",
                    "        boolean free = owner == null;\n        if (free) {\n            owner = BUSY;\n        }\n        if (!free) {",
                    "CallRaces.TwoCalls"),
            new Flaw(
                    "a future is told even if it was cancelled",
                    "internal/NextFuture.java",
                    "if ((found != null || thrown != null) && end()) {",
                    "if ((found != null || thrown != null) && (end() || true)) {",
                    "CallRaces.CancelAndDeliver"),
            new Flaw(
                    "a waiter joins the list and does not look again",
                    "internal/Waiter.java",
                    """
                                    subject.arm(waiter);
                                    outcome = subject.attempt();
                                    if (outcome != null) {
                                        return outcome;
                                    }
                    """,
                    """
                                    subject.arm(waiter);
                    """,
                    "CallRaces.NextAndSet"));

    private Flaws() {}
}
