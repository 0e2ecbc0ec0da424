package dev.eventvalues.benchmarks;

import org.jspecify.annotations.Nullable;

/** States in a ring, so that functions of them have something to read and nothing to allocate. */
final class Links {
    private static final int COUNT = 1024;

    private Link newest;

    Links() {
        Link last = new Link(null);
        newest = last;
        for (int i = 1; i < COUNT; i++) {
            newest = new Link(newest);
        }
        last.next = newest;
    }

    /** A state that differs from the last. */
    Link next() {
        newest = newest.next();
        return newest;
    }

    /** One state. */
    static final class Link {
        private Link next;
        private final boolean shown;

        Link(@Nullable Link next) {
            this.next = next == null ? this : next;
            this.shown = true;
        }

        /** For {@code map}. */
        Link next() {
            return next;
        }

        /** For {@code filter}. */
        boolean shown() {
            return shown;
        }

        /** For {@code combine}. */
        Link unless(Link other) {
            return this == other ? this : next;
        }
    }
}
