package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Route;
import dev.eventvalues.etcd.state.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the simulated connections: runs the product's {@link Route} and the commands of the feeds, as the
 * product's {@code Router} and {@code Connection} do.
 */
final class Wire {
    private static final long FIRST_REST_NANOS = 50 * Clock.MILLIS;
    private static final long LONGEST_REST_NANOS = 1_000 * Clock.MILLIS;

    /** Why a link was left, told so often. */
    private static final Trouble LEFT = trouble("left for another endpoint");

    private record Probe(Link link, int connection, boolean routed, long sent, Instant wall, long committed) {}

    private final Simulation simulation;
    private final Clock clock;
    private final @Nullable Link[] links;
    private final List<Probe> probes = new ArrayList<>();
    private Route route;
    private @Nullable Link open;
    private long sessions;
    private long wakes;
    private long chosenAt;

    Wire(Simulation simulation) {
        this.simulation = simulation;
        this.clock = simulation.clock;
        this.links = new Link[simulation.cluster.members()];
        this.route = Route.start(links.length);
    }

    static Trouble trouble(String what) {
        return new Trouble(Trouble.Kind.UNREACHABLE, what);
    }

    static Trouble denied() {
        return new Trouble(Trouble.Kind.ACCESS_DENIED, "permission denied");
    }

    /** The link in use; if there is none, one is looked for. */
    @Nullable
    Link link() {
        if (open == null) {
            step(new Route.Event.Wanted());
        }
        return open;
    }

    /** After which time a feed that rests is to go on. */
    long rest(Command.Rest rest) {
        return rest(rest.attempt());
    }

    private long rest(int attempt) {
        long full = Math.min(LONGEST_REST_NANOS, FIRST_REST_NANOS << Math.min(attempt - 1, 20));
        return full - full / 2 * simulation.dice.below(1_000) / 1_000;
    }

    private void step(Route.Event event) {
        simulation.log(() -> "  route: " + event);
        Route.Step step = route.step(event, clock.now());
        route = step.next();
        step.commands().forEach(this::run);
    }

    private void run(Route.Command command) {
        simulation.log(() -> "    -> " + command);
        if (command instanceof Route.Command.Probe probe) {
            probe(link(probe.endpoint()), true);
        } else if (command instanceof Route.Command.Use use) {
            open = link(use.endpoint());
            open.session = ++sessions;
            chosenAt = clock.now();
            simulation.feeds.forEach(Feed::go);
            closeAllBut(open);
        } else if (command instanceof Route.Command.Doubt) {
            open = null;
        } else if (command instanceof Route.Command.Despair told) {
            simulation.feeds.forEach(feed -> feed.delayed(told.trouble()));
        } else if (command instanceof Route.Command.Renew) {
            closeAllBut(null);
        } else if (command instanceof Route.Command.Wake wake) {
            long current = ++wakes;
            clock.after(nanos(wake.pause()), () -> {
                if (current == wakes) {
                    step(new Route.Event.Due(wake.ticket(), true));
                }
            });
        }
    }

    private long nanos(Route.Pause pause) {
        if (pause instanceof Route.Pause.Rest rest) {
            return rest(rest.attempt());
        }
        return pause instanceof Route.Pause.ForAnswer ? 500 * Clock.MILLIS : Link.STALE_NANOS / 3;
    }

    private Link link(int endpoint) {
        Link link = links[endpoint];
        if (link == null) {
            link = new Link(this, clock, endpoint);
            links[endpoint] = link;
        }
        return link;
    }

    private void closeAllBut(@Nullable Link kept) {
        for (int i = 0; i < links.length; i++) {
            Link link = links[i];
            if (link != null && link != kept) {
                links[i] = null;
                link.closed = true;
                link.end(LEFT, 0);
            }
        }
    }

    // ---- probes

    void probe(Link link, boolean routed) {
        Probe probe = new Probe(
                link,
                link.connection,
                routed,
                clock.now(),
                clock.wall(),
                simulation.cluster.store().revision());
        probes.add(probe);
        clock.after(Link.STALE_NANOS / 3, () -> failed(probe));
    }

    private void failed(Probe probe) {
        if (probes.remove(probe) && probe.routed && probe.link.equals(links[probe.link.member])) {
            step(new Route.Event.Failed(probe.link.member, trouble("no answer")));
        }
    }

    /** A probe that is under way gets its answer, if it can. Returns false if there is none. */
    boolean answerProbe(int which) {
        if (probes.isEmpty()) {
            return false;
        }
        Probe probe = probes.get(which % probes.size());
        Link link = probe.link;
        if (link.dead || probe.connection != link.connection || !simulation.cluster.confirms(link.member)) {
            return false;
        }
        probes.remove(probe);
        List.copyOf(link.watches).forEach(watch -> watch.flush(probe.committed, probe.sent));
        long term = simulation.cluster.head(link.member).term();
        clock.run(() -> clock.run(() -> {
            simulation.log(() -> "  proof of member " + link.member + ", sent at " + probe.sent / Clock.MILLIS);
            link.proved(new Proof(probe.sent, probe.wall, term));
            if (probe.routed && link.equals(links[link.member])) {
                step(new Route.Event.Proved(link.member));
            }
        }));
        return true;
    }

    // ---- what goes wrong

    /** Nothing passes on any connection to a member any more. */
    void kill(int member) {
        Link link = links[member];
        if (link != null) {
            link.connection++;
            link.dead = true;
        }
    }

    /** The client finds out that a connection is dead, if it is; the next is made at once. */
    void notice(int member, int besides) {
        Link link = links[member];
        if (link == null || !link.dead) {
            return;
        }
        link.dead = false;
        List<Probe> lost = probes.stream()
                .filter(probe -> probe.link.equals(link) && probe.connection != link.connection)
                .toList();
        lost.forEach(this::failed);
        if (!link.watches.isEmpty()) {
            suspect(link);
        }
        link.end(trouble("cut"), besides);
    }

    /** A request failed that was sent on a link at a time. */
    void failed(Link link, long sent) {
        if (sent >= chosenAt) {
            suspect(link);
        }
    }

    private void suspect(Link link) {
        if (link.equals(open)) {
            step(new Route.Event.Suspected(link.member, trouble("stream ended")));
        }
    }
}
