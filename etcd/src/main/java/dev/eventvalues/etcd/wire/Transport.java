package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import java.util.function.Consumer;

/** Runs the commands of state machines. The seam at which tests stage races. */
public interface Transport {
    /** A command that runs. */
    @FunctionalInterface
    interface Running {
        /** Abandons it. Events may still come, and are late. */
        void abandon();
    }

    /**
     * Starts a command. Never blocks.
     *
     * @param span what the command is about
     * @param command what to do
     * @param events gets what happens, on any thread
     * @return to abandon it
     */
    Running start(Span span, Command command, Consumer<Event> events);
}
