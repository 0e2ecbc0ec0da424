package dev.eventvalues.verification.lincheck;

import org.jspecify.annotations.Nullable;

/** What one thread of a program does. A class with a name and fields: Lincheck does not follow what a lambda captured. */
abstract class Role implements Runnable {
    /** The thread that plays it. Written before it starts. */
    @Nullable
    Thread thread;

    /** Written by the thread, read when it has ended. */
    private @Nullable Throwable problem;

    abstract void act() throws Exception;

    @Override
    public final void run() {
        try {
            act();
        } catch (Throwable thrown) {
            problem = thrown;
        }
    }

    /** Plays these at the same time, until all have ended; that they do is half of what is to be shown. */
    static void play(Role... roles) throws InterruptedException {
        for (Role role : roles) {
            role.thread = new Thread(role);
        }
        for (Role role : roles) {
            thread(role).start();
        }
        for (Role role : roles) {
            thread(role).join();
        }
        for (Role role : roles) {
            if (role.problem != null) {
                throw new AssertionError(role.problem);
            }
        }
    }

    static Thread thread(Role role) {
        Thread thread = role.thread;
        if (thread == null) {
            throw new IllegalStateException("not played yet");
        }
        return thread;
    }

    static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
