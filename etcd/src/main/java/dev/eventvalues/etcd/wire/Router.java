package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Route;
import dev.eventvalues.etcd.state.Trouble;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machine that chooses the endpoint, {@link Route}, over one link for each endpoint that is tried.
 *
 * <p>Everything here runs in the serial context, which guards all fields, but for what says otherwise.
 */
final class Router {
    private static final System.Logger LOG = System.getLogger(Router.class.getPackageName());

    private static final Trouble NOT_TRIED = new Trouble(Trouble.Kind.UNREACHABLE, "no endpoint has answered yet");

    private final Connection.Settings settings;
    private final Clockwork clockwork;
    private final Link.Times times;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("event-values-etcd-io", true), NioIoHandler.newFactory());
    private final Channels channels;

    /** Whether there are reads that want a link. */
    private final BooleanSupplier readsWait;

    private final Ancestry ancestry;

    /** Told that there is a link, or why there is none. */
    private final Consumer<@Nullable Trouble> onChange;

    /** The connections that are open; their index is that of the endpoint. */
    private final @Nullable Link[] links;

    private final List<Link> closing = new ArrayList<>();
    private final Gate gate = new Gate();
    private Route route;
    private Transport.@Nullable Running wake;

    /** How often a link has been chosen. */
    private long sessions;

    /** When a link was last chosen. */
    private long chosenAt;

    /** Why there is no usable link. Written in the serial context. */
    private volatile Trouble despair = NOT_TRIED;

    /** Whether a request has been sent since the link was last probed. Written by any thread; a lost update harms not. */
    private volatile boolean requested;

    /** The link in use, for requests that do not pass the serial context. Written in it. */
    private volatile @Nullable Link usable;

    private volatile boolean closed;

    Router(
            Connection.Settings settings,
            Clockwork clockwork,
            BooleanSupplier readsWait,
            Ancestry ancestry,
            Consumer<@Nullable Trouble> onChange) {
        this.settings = settings;
        this.clockwork = clockwork;
        this.readsWait = readsWait;
        this.ancestry = ancestry;
        this.onChange = onChange;
        long third = settings.staleNanos() / 3;
        this.times = new Link.Times(
                settings.requestNanos(),
                third,
                Math.max(third, Math.min(settings.requestNanos(), TimeUnit.SECONDS.toNanos(1))),
                settings.staleNanos(),
                Math.min(settings.staleNanos() / 10, TimeUnit.MILLISECONDS.toNanos(100)));
        this.channels = new Channels(settings.security(), threads, settings.requestNanos());
        this.links = new Link[settings.endpoints().size()];
        this.route = Route.start(links.length);
    }

    // ---- for those who want a link

    /** The link in use, to send a request on. From any thread. */
    @Nullable
    Link linkForRequest() {
        requested = true;
        return usable;
    }

    /** Why there is no link. From any thread. */
    Trouble despair() {
        return despair;
    }

    /** The link in use; if there is none, one is looked for. */
    @Nullable
    Link link() {
        if (gate.link() == null) {
            step(new Route.Event.Wanted());
        }
        return gate.link();
    }

    /** Starts it as soon as there is a link. */
    void enter(Gate.Guest guest) {
        if (closed) {
            guest.turnedAway();
        } else if (!gate.enter(guest)) {
            step(new Route.Event.Wanted());
        }
    }

    /** A request failed. What was sent before the link was last chosen says nothing new about it. From any thread. */
    void failed(Link link, long sent, Status status) {
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            clockwork.run(() -> {
                if (sent - chosenAt > 0) {
                    suspect(link, status);
                }
            });
        }
    }

    private void suspect(Link link, Status status) {
        if (link.equals(gate.link())) {
            LOG.log(System.Logger.Level.DEBUG, "the endpoint is asked whether it is there: {0}", Troubles.text(status));
            step(new Route.Event.Suspected(link.index(), Troubles.of(status)));
        }
    }

    // ---- the machine

    private void step(Route.Event event) {
        if (closed) {
            return;
        }
        Route.Step step = route.step(event, System.nanoTime());
        route = step.next();
        step.commands().forEach(this::run);
    }

    private void run(Route.Command command) {
        if (command instanceof Route.Command.Probe probe) {
            probe(probe.endpoint());
        } else if (command instanceof Route.Command.Use use) {
            use(use.endpoint());
        } else if (command instanceof Route.Command.Doubt) {
            usable = null;
            gate.shut();
        } else if (command instanceof Route.Command.Despair told) {
            despair = told.trouble();
            gate.tell(told.trouble());
            onChange.accept(told.trouble());
        } else if (command instanceof Route.Command.Renew) {
            closeAllBut(null, Status.UNAVAILABLE.withDescription("no answer on this connection"));
        } else if (command instanceof Route.Command.Wake later) {
            wakeAfter(later);
        }
    }

    private void probe(int endpoint) {
        requested = false;
        Link link = link(endpoint);
        link.probe(
                () -> stepUnlessGivenUp(link, new Route.Event.Proved(endpoint)),
                status -> stepUnlessGivenUp(link, new Route.Event.Failed(endpoint, Troubles.of(status))));
    }

    /** How a probe fared on a link that has been given up since says nothing about the link that is tried now. */
    private void stepUnlessGivenUp(Link link, Route.Event event) {
        if (link.equals(links[link.index()])) {
            step(event);
        }
    }

    private void use(int endpoint) {
        Link link = link(endpoint);
        despair = NOT_TRIED;
        chosenAt = System.nanoTime();
        link.used(++sessions);
        usable = link;
        gate.open(link);
        closeAllBut(
                link,
                Status.UNAVAILABLE.withDescription(
                        "left for " + settings.endpoints().get(endpoint)));
        onChange.accept(null);
    }

    private void wakeAfter(Route.Command.Wake later) {
        if (wake != null) {
            wake.abandon();
        }
        wake = clockwork.after(nanos(later.pause()), () -> step(new Route.Event.Due(later.ticket(), isNeeded())));
    }

    private long nanos(Route.Pause pause) {
        if (pause instanceof Route.Pause.Rest rest) {
            return settings.backoff().nanos(rest.attempt(), ThreadLocalRandom.current());
        }
        return pause instanceof Route.Pause.ForAnswer
                ? Math.min(settings.staleNanos() / 10, TimeUnit.MILLISECONDS.toNanos(500))
                : times.probe();
    }

    private boolean isNeeded() {
        return gate.isAwaited()
                || readsWait.getAsBoolean()
                || requested
                || Arrays.stream(links).anyMatch(link -> link != null && link.watches() > 0);
    }

    private Link link(int endpoint) {
        Link link = links[endpoint];
        if (link == null) {
            Endpoint place = settings.endpoints().get(endpoint);
            link = new Link(endpoint, place, channels.open(place), clockwork, times, ancestry, this::suspect);
            links[endpoint] = link;
        }
        return link;
    }

    private void closeAllBut(@Nullable Link kept, Status reason) {
        for (int i = 0; i < links.length; i++) {
            Link link = links[i];
            if (link != null && link != kept) {
                links[i] = null;
                closing.removeIf(Link::hasEnded);
                closing.add(link);
                link.retire(reason);
            }
        }
    }

    // ---- the end

    /** Ends every link, at once. From any thread. */
    void close() {
        closed = true;
        usable = null;
        clockwork.run(() -> {
            gate.close();
            Arrays.stream(links).filter(Objects::nonNull).forEach(closing::add);
            closing.forEach(Link::close);
            endThreads(List.copyOf(closing));
        });
    }

    /** Once the channels have ended: one that is just connecting needs a thread to find out that it is closed. */
    private void endThreads(List<Link> ending) {
        Object unused = ending.stream().allMatch(Link::hasEnded)
                ? threads.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                : threads.schedule(() -> endThreads(ending), 10, TimeUnit.MILLISECONDS);
    }
}
