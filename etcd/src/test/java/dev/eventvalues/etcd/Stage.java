package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.Transport;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Stands between the state machines and etcd: a test holds commands back on it until it has done what is to come first,
 * breaks a watch at a certain event, and sees what was asked and answered.
 */
final class Stage implements UnaryOperator<Transport>, Transport {
    private final List<Command> commands = new CopyOnWriteArrayList<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Performance> held = new LinkedBlockingQueue<>();

    private volatile Transport etcd;
    private volatile Predicate<Command> holding = command -> false;
    private volatile Predicate<Event> breaking = event -> false;
    private volatile Predicate<Event> losing = event -> false;

    @Override
    public Transport apply(Transport real) {
        etcd = real;
        return this;
    }

    @Override
    public Running start(Span span, Command command, Consumer<Event> listener) {
        commands.add(command);
        Performance performance = new Performance(span, command, listener);
        if (holding.test(command)) {
            held.add(performance);
        } else {
            performance.release();
        }
        return performance;
    }

    /** From now on holds back commands of a kind. */
    void hold(Class<? extends Command> kind) {
        hold(kind::isInstance);
    }

    void hold(Predicate<Command> which) {
        holding = which;
    }

    /** Waits for the next command that was held back. */
    Performance awaitHeld() throws InterruptedException {
        Performance performance = held.poll(BOUND.toNanos(), TimeUnit.NANOSECONDS);
        if (performance == null) {
            throw new AssertionError("no command was held back within " + BOUND + "; all were " + commands);
        }
        return performance;
    }

    /** From now on every command that gets such an event breaks right behind it, and gets nothing more. */
    void breakBehind(Predicate<Event> which) {
        breaking = which;
    }

    /** From now on such events are lost on the way, as by a server that forgets to send them. */
    void lose(Predicate<Event> which) {
        losing = which;
    }

    /** Lets everything pass. */
    void quiet() {
        holding = command -> false;
        breaking = event -> false;
        losing = event -> false;
    }

    /** Every command of a kind so far. */
    <C extends Command> List<C> commands(Class<C> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Every event of a kind so far. */
    <E extends Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Waits for an event of a kind, unless there has been one. */
    void await(Class<? extends Event> kind) {
        eventually("there is a " + kind.getSimpleName(), () -> !events(kind).isEmpty());
    }

    void forget() {
        commands.clear();
        events.clear();
    }

    /** A command on the stage. */
    final class Performance implements Running {
        private final Span span;
        private final Command command;
        private final Consumer<Event> listener;

        /** Null until it is released. Guarded by this. */
        private Running running;

        /** Guarded by this. */
        private boolean over;

        private Performance(Span span, Command command, Consumer<Event> listener) {
            this.span = span;
            this.command = command;
            this.listener = listener;
        }

        Command command() {
            return command;
        }

        /** Runs it, unless it has been abandoned. */
        void release() {
            synchronized (this) {
                if (over) {
                    return;
                }
            }
            Running started = etcd.start(span, command, this::heard);
            synchronized (this) {
                running = started;
                if (!over) {
                    return;
                }
            }
            started.abandon();
        }

        /** Answers in etcd's place. */
        void answer(Event event) {
            heard(event);
        }

        private void heard(Event event) {
            synchronized (this) {
                if (over) {
                    return;
                }
            }
            events.add(event);
            if (losing.test(event)) {
                return;
            }
            listener.accept(event);
            if (breaking.test(event)) {
                abandon();
                listener.accept(
                        new Event.Failed(event.ticket(), new Trouble(Trouble.Kind.UNREACHABLE, "broken on the stage")));
            }
        }

        @Override
        public void abandon() {
            Running started;
            synchronized (this) {
                over = true;
                started = running;
            }
            if (started != null) {
                started.abandon();
            }
        }
    }
}
