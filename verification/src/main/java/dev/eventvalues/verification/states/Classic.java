package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.RangeView;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The negative control: the algorithm that list-and-watch clients have been written with again and again. When the watch
 * breaks, all is listed anew, in place of what was there; what is still to be told is a backlog of keys, which listing
 * resets; and values are compared as bytes, so that absent is the same as empty. If schedules did not find it wanting, they
 * would be worth nothing.
 */
enum Classic implements Candidate {
    CONTROL;

    @Override
    public String title() {
        return "the control, which lists and resets";
    }

    @Override
    public Machine start(Span span, Limits limits) {
        return new Listing(span, Map.of(), List.of(), 0, 0, 0, null).list();
    }

    @Override
    public Position watch(RangeView view) {
        return new Backlog();
    }

    @Override
    public boolean tellsFreshness() {
        return false;
    }

    /**
     * Listing or watching. The log of changed keys stands for the backlogs of all consumers; who is behind {@code reset}
     * goes on there.
     */
    private record Listing(
            Span span,
            Map<Key, Item> current,
            List<Key> log,
            int reset,
            long revision,
            long ticket,
            @Nullable Command command)
            implements Machine {
        Listing list() {
            return then(new Command.Read(ticket + 1, span.from(), 0, Keys.COUNT));
        }

        private Listing then(Command next) {
            return new Listing(span, current, log, reset, revision, next.ticket(), next);
        }

        @Override
        public Machine step(Event event, long nanoTime) {
            Listing quiet = new Listing(span, current, log, reset, revision, ticket, null);
            if (event.ticket() != ticket) {
                return quiet;
            }
            if (event instanceof Event.Page page) {
                return quiet.listed(page);
            }
            if (event instanceof Event.Updated updated) {
                return quiet.changed(updated.changes());
            }
            if (event instanceof Event.Failed || event instanceof Event.Lost || event instanceof Event.Compacted) {
                return then(new Command.Rest(ticket + 1, 1, false));
            }
            return event instanceof Event.Rested ? list() : quiet;
        }

        private Listing listed(Event.Page page) {
            Map<Key, Item> listed = new TreeMap<>();
            page.items().forEach(item -> listed.put(item.getKey(), item.getValue()));
            List<Key> all = new ArrayList<>(log);
            all.addAll(listed.keySet());
            long at = page.origin().revision();
            return new Listing(span, listed, all, log.size(), at, ticket, null)
                    .then(new Command.Follow(ticket + 1, at + 1, at + 1));
        }

        private Listing changed(List<Change> changes) {
            Map<Key, Item> now = new TreeMap<>(current);
            List<Key> all = new ArrayList<>(log);
            for (Change change : changes) {
                if (!Arrays.equals(bytes(now.get(change.key())), bytes(change.item()))) {
                    all.add(change.key());
                    if (change.item() == null) {
                        now.remove(change.key());
                    } else {
                        now.put(change.key(), change.item());
                    }
                }
            }
            return new Listing(span, now, all, reset, revision, ticket, null);
        }

        private static byte[] bytes(@Nullable Item item) {
            return item == null ? new byte[0] : item.value();
        }

        @Override
        public Known known() {
            return Known.NOTHING; // consumers are told of keys, one by one
        }

        @Override
        public long watching() {
            return command == null ? ticket : -1;
        }
    }

    private static final class Backlog implements Position {
        private final @Nullable String[] told = new String[Keys.COUNT];
        private int read;

        @Override
        public List<Told> look(Machine machine) {
            Listing listing = (Listing) machine;
            List<Key> log = listing.log();
            Set<Key> backlog = new LinkedHashSet<>(log.subList(Math.max(read, listing.reset()), log.size()));
            read = log.size();
            List<Told> news = new ArrayList<>();
            for (Key key : backlog) {
                int number = Keys.number(key);
                Item item = listing.current().get(key);
                String now = item == null ? null : Referee.text(item);
                news.add(new Told(number, told[number], now));
                told[number] = now;
            }
            return news;
        }
    }
}
