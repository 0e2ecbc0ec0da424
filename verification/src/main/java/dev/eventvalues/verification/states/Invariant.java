package dev.eventvalues.verification.states;

/** What must hold whatever happens. */
enum Invariant {
    ORDER("What is shown never goes back: later shown is the same or a later revision, of the same or a later epoch."),

    NO_INVENTION("Each item shown is what its mod revision wrote, in the store of its epoch."),

    ATOMIC(
            "What is shown together is exactly what the store held at one revision: no half transaction, nothing missing."),

    EMPTY_IS_NOT_ABSENT("A key that holds no bytes is shown and told as present; a key that is absent is not."),

    ANOTHER_STORE(
            "An epoch begins when what is shown comes from another store that did not hold what was shown before, and never"
                    + " otherwise."),

    ALL_IS_TOLD("What a consumer has been told, added up, is what it is shown: above all, each removal is told."),

    NO_NOISE("A consumer is never told what it has been told last of the same key."),

    CONVERGENCE(
            "Once faults have ended, every consumer sees what a linearizable read sees, and goes on to see what follows."),

    HONEST("Nothing counts as fresh that lacks a change committed before the proof of its freshness was sent."),

    FRESH_AGAIN("Once faults have ended, what is shown counts as fresh."),

    POLITE(
            "A feed that fails rests before it asks again; between two rests without news it sends no more than five requests."),

    BOUNDED(
            "A feed keeps no items but those it shows and those of the reading or of the revision that is just arriving."),

    NO_FALSE_ALARM("An audit of a server that has told everything finds nothing."),

    AUDITED("What a server never told is shown after an audit."),

    SENSE("No answer of etcd makes a feed fail with an error of its own.");

    final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    /** It did not hold. */
    Broken broken(String how) {
        return new Broken(this, how);
    }

    /** That an invariant did not hold. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        final Invariant invariant;

        Broken(Invariant invariant, String how) {
            this(invariant + ": " + how, invariant);
        }

        private Broken(String message, Invariant invariant) {
            super(message, null, false, false);
            this.invariant = invariant;
        }

        /** The same, and what had happened before. */
        Broken after(Object path) {
            return new Broken(path + ": " + getMessage(), invariant);
        }
    }
}
