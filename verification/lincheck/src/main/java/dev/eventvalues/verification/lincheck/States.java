package dev.eventvalues.verification.lincheck;

/** The states that programs set: the setter's number and a count, so that order and repetition can be told. */
final class States {
    /** Set when all setters have done the rest. */
    static final int END = 9_999;

    private static final int SETTER = 100;

    private States() {}

    static int of(int setter, int count) {
        return setter * SETTER + count;
    }

    static int setter(int state) {
        return state / SETTER;
    }

    static int count(int state) {
        return state % SETTER;
    }
}
