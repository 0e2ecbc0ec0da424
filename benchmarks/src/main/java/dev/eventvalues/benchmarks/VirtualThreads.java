package dev.eventvalues.benchmarks;

import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Virtual threads where the JVM has them: this code is compiled for 17. */
final class VirtualThreads {
    private static final @Nullable Method START = start();

    private VirtualThreads() {}

    private static @Nullable Method start() {
        try {
            return Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    static boolean exist() {
        // In 19 and 20 they were a preview.
        return START != null && Runtime.version().feature() >= 21;
    }

    static Thread start(Runnable task) {
        try {
            return (Thread) Objects.requireNonNull(START, "no virtual threads").invoke(null, task);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a virtual thread was not started", e);
        }
    }
}
