package dev.eventvalues.etcd.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint to speak to, as data: {@link #step} takes what happened and gives the next state and the commands to
 * run. Immutable.
 *
 * <p>An endpoint is usable once a linearizable read on its own connection has succeeded, and for as long as one does
 * every now and then. When one does not, the endpoints are tried in turn, the usable one first; the first that answers
 * is used. When none does, the next round comes after a rest. So in an outage it is a few probes that fail, not the
 * requests of all that wait.
 */
public final class Route {
    /** After so long without a suspicion, those before no longer count. */
    static final long SETTLED_NANOS = 10_000_000_000L;

    /** What happened. */
    public sealed interface Event {
        /** Something waits for a usable endpoint. */
        record Wanted() implements Event {}

        /**
         * A probe succeeded.
         *
         * @param endpoint whose
         */
        record Proved(int endpoint) implements Event {}

        /**
         * A probe failed.
         *
         * @param endpoint whose
         * @param trouble why
         */
        record Failed(int endpoint, Trouble trouble) implements Event {}

        /**
         * Something else failed on a connection, for a reason that may be the endpoint's.
         *
         * @param endpoint whose
         * @param trouble why
         */
        record Suspected(int endpoint, Trouble trouble) implements Event {}

        /**
         * The time of a {@link Command.Wake} has come.
         *
         * @param ticket as in the command
         * @param needed whether anything uses the endpoint
         */
        record Due(long ticket, boolean needed) implements Event {}
    }

    /** What to do. */
    public sealed interface Command {
        /**
         * Read a little on the endpoint's own connection, linearizably.
         *
         * @param endpoint which
         */
        record Probe(int endpoint) implements Command {}

        /**
         * Start on this endpoint all that waits. What runs on another is to move here.
         *
         * @param endpoint which
         */
        record Use(int endpoint) implements Command {}

        /** Let what is to be started wait from now on. */
        record Doubt() implements Command {}

        /**
         * No endpoint is usable: tell those who wait.
         *
         * @param trouble why
         */
        record Despair(Trouble trouble) implements Command {}

        /** Give up every connection: those of the next probes are to be new ones. */
        record Renew() implements Command {}

        /**
         * Come back later; replaces the last one.
         *
         * @param ticket to be returned
         * @param pause how long
         */
        record Wake(long ticket, Pause pause) implements Command {}
    }

    /** How long to wait. */
    public sealed interface Pause {
        /** Until a usable endpoint is to be proved again. */
        record UntilProbe() implements Pause {}

        /** For an answer, before the next endpoint is tried too. */
        record ForAnswer() implements Pause {}

        /**
         * Before the next round, longer the more have failed.
         *
         * @param attempt how many have failed in a row, from 1
         */
        record Rest(int attempt) implements Pause {}
    }

    /**
     * The outcome of a step.
     *
     * @param next the new state
     * @param commands to be run in this order
     */
    public record Step(Route next, List<Command> commands) {}

    private sealed interface Phase {
        /** Nothing waits and nothing is proved. */
        record Idle() implements Phase {}

        /** The chosen endpoint is usable. */
        record Using() implements Phase {}

        /**
         * Trying the endpoints, from the chosen one on.
         *
         * @param tried how many have been asked
         * @param failed those that have said why not
         */
        record Trying(int tried, Map<Integer, Trouble> failed) implements Phase {}

        /** Between two rounds. */
        record Resting() implements Phase {}
    }

    private final int endpoints;

    /** The endpoint that is used, or was, or is to be tried first. */
    private final int chosen;

    private final Phase phase;

    /** Rounds and connections that have failed in a row. */
    private final int failures;

    /** When the chosen endpoint was last suspected. */
    private final long suspected;

    private final long ticket;

    private Route(int endpoints, int chosen, Phase phase, int failures, long suspected, long ticket) {
        this.endpoints = endpoints;
        this.chosen = chosen;
        this.phase = phase;
        this.failures = failures;
        this.suspected = suspected;
        this.ticket = ticket;
    }

    /**
     * Starts without a usable endpoint.
     *
     * @param endpoints how many there are, at least 1
     * @return the first state
     */
    public static Route start(int endpoints) {
        return new Route(endpoints, 0, new Phase.Idle(), 0, 0, 0);
    }

    /**
     * Whether there is a usable endpoint.
     *
     * @return true from a {@link Command.Use} to a {@link Command.Doubt}
     */
    public boolean isUsable() {
        return phase instanceof Phase.Using;
    }

    /**
     * Takes an event.
     *
     * @param event what happened
     * @param nanoTime now, on any monotonic clock
     * @return the next state, and what to do
     */
    public Step step(Event event, long nanoTime) {
        if (event instanceof Event.Wanted) {
            return phase instanceof Phase.Idle ? tryAll(failures, 1) : stay();
        }
        if (event instanceof Event.Proved proved) {
            return proved(proved.endpoint(), nanoTime);
        }
        if (event instanceof Event.Failed failed) {
            return failed(failed.endpoint(), failed.trouble());
        }
        if (event instanceof Event.Suspected suspect) {
            return suspected(suspect.endpoint(), nanoTime);
        }
        if (event instanceof Event.Due due && due.ticket() == ticket) {
            return due(due.needed());
        }
        return stay();
    }

    private Step proved(int endpoint, long nanoTime) {
        if (phase instanceof Phase.Using) {
            boolean settled = nanoTime - suspected >= SETTLED_NANOS;
            return endpoint != chosen
                    ? stay()
                    : become(
                            chosen,
                            phase,
                            settled ? 0 : failures,
                            suspected,
                            List.of(new Command.Wake(ticket + 1, new Pause.UntilProbe())));
        }
        if (phase instanceof Phase.Idle) {
            return stay();
        }
        return become(
                endpoint,
                new Phase.Using(),
                failures,
                phase instanceof Phase.Trying && failures == 0 ? suspected : nanoTime,
                List.of(new Command.Use(endpoint), new Command.Wake(ticket + 1, new Pause.UntilProbe())));
    }

    private Step failed(int endpoint, Trouble trouble) {
        if (phase instanceof Phase.Using && endpoint == chosen) {
            return tryAll(failures, 2); // it has had its time: the next one is asked along with it
        }
        if (phase instanceof Phase.Trying trying) {
            Map<Integer, Trouble> failed = new TreeMap<>(trying.failed);
            failed.put(endpoint, trouble);
            Phase.Trying now = new Phase.Trying(trying.tried, Map.copyOf(failed));
            return now.tried < endpoints
                    ? tryNext(now)
                    : failed.size() < endpoints ? become(now, failures, List.of()) : despair(failed);
        }
        return stay();
    }

    private Step suspected(int endpoint, long nanoTime) {
        if (!isUsable() || endpoint != chosen) {
            return stay();
        }
        int soFar = nanoTime - suspected >= SETTLED_NANOS ? 0 : failures;
        if (soFar == 0) {
            return new Route(endpoints, chosen, phase, 1, nanoTime, ticket).tryAll(1, 1);
        }
        return become(
                chosen,
                new Phase.Resting(),
                soFar + 1,
                nanoTime,
                List.of(new Command.Doubt(), new Command.Wake(ticket + 1, new Pause.Rest(soFar))));
    }

    private Step due(boolean needed) {
        if (!needed) {
            return become(new Phase.Idle(), failures, isUsable() ? List.of(new Command.Doubt()) : List.of());
        }
        if (isUsable()) {
            // if no answer comes, the probe fails by its own deadline
            return new Step(this, List.of(new Command.Probe(chosen)));
        }
        if (phase instanceof Phase.Trying trying) {
            return tryNext(trying); // all of them again, if need be: a member forgets a read that it could not answer
        }
        return phase instanceof Phase.Resting ? tryAll(failures, 1) : stay();
    }

    private Step tryAll(int failuresNow, int atOnce) {
        List<Command> commands = new ArrayList<>();
        if (isUsable()) {
            commands.add(new Command.Doubt());
        }
        int first = Math.min(atOnce, endpoints);
        for (int i = 0; i < first; i++) {
            commands.add(new Command.Probe((chosen + i) % endpoints));
        }
        commands.add(new Command.Wake(ticket + 1, new Pause.ForAnswer()));
        return become(new Phase.Trying(first, Map.of()), failuresNow, commands);
    }

    private Step tryNext(Phase.Trying trying) {
        return become(
                new Phase.Trying(trying.tried + 1, trying.failed),
                failures,
                List.of(
                        new Command.Probe((chosen + trying.tried) % endpoints),
                        new Command.Wake(ticket + 1, new Pause.ForAnswer())));
    }

    /** Of several troubles the one is told that somebody has to do something about. */
    private Step despair(Map<Integer, Trouble> failed) {
        Trouble trouble = failed.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Integer, Trouble> each) ->
                                !each.getValue().kind().isPermanent())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.Despair(trouble));
        if (failures > 0) {
            commands.add(new Command.Renew()); // an election is shorter; and what is dead is not revived by waiting
        }
        commands.add(new Command.Wake(ticket + 1, new Pause.Rest(failures + 1)));
        return become(new Phase.Resting(), failures + 1, commands);
    }

    private Step stay() {
        return new Step(this, List.of());
    }

    private Step become(Phase next, int failuresNow, List<Command> commands) {
        return become(chosen, next, failuresNow, suspected, commands);
    }

    private Step become(int chosenNow, Phase next, int failuresNow, long suspectedAt, List<Command> commands) {
        @Nullable Command last = commands.isEmpty() ? null : commands.get(commands.size() - 1);
        long ticketNow = last instanceof Command.Wake wake ? wake.ticket() : ticket;
        return new Step(new Route(endpoints, chosenNow, next, failuresNow, suspectedAt, ticketNow), commands);
    }

    @Override
    public String toString() {
        return phase.getClass().getSimpleName() + ", endpoint " + chosen + " of " + endpoints + ", " + failures
                + " failures";
    }
}
