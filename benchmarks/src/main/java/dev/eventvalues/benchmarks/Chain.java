package dev.eventvalues.benchmarks;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.ValueReader;
import dev.eventvalues.Values;
import dev.eventvalues.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Views of one value, one upon the other, and the loops without views that deliver the same. */
public enum Chain implements Entrant {
    MAP("map"),
    MAP_LOOP("next, then functions"),
    FILTER("filter"),
    FILTER_LOOP("next, then conditions"),
    COMBINE("combine"),
    COMBINE_LOOP("poll of each, then functions");

    private final String title;

    Chain(String title) {
        this.title = title;
    }

    /** Opens a reader of {@code value} through {@code depth} views or functions. */
    Reader open(MemoryValue<Links.Link> value, int depth) {
        return switch (this) {
            case MAP -> through(mapped(value, depth));
            case MAP_LOOP -> mapping(value.watch(), depth);
            case FILTER -> through(filtered(value, depth));
            case FILTER_LOOP -> filtering(value.watch(), depth);
            case COMBINE -> through(combined(value, others(depth)));
            case COMBINE_LOOP -> combining(value.watch(), others(depth));
        };
    }

    private static Reader through(ValueReader<Links.Link> view) {
        return view.watch()::next;
    }

    private static ValueReader<Links.Link> mapped(ValueReader<Links.Link> value, int depth) {
        return depth == 0 ? value : mapped(value, depth - 1).map(Links.Link::next);
    }

    private static Reader mapping(Watcher<Links.Link> watcher, int depth) {
        return () -> {
            Links.Link state = watcher.next();
            for (int i = 0; i < depth; i++) {
                state = state.next();
            }
            return state;
        };
    }

    private static ValueReader<Links.Link> filtered(ValueReader<Links.Link> value, int depth) {
        return depth == 0 ? value : filtered(value, depth - 1).filter(Links.Link::shown);
    }

    private static Reader filtering(Watcher<Links.Link> watcher, int depth) {
        return () -> {
            while (true) {
                Links.Link state = watcher.next();
                int held = 0;
                while (held < depth && state.shown()) {
                    held++;
                }
                if (held == depth) {
                    return state;
                }
            }
        };
    }

    private static List<MemoryValue<Links.Link>> others(int depth) {
        List<MemoryValue<Links.Link>> others = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            others.add(new MemoryValue<>(new Links.Link(null)));
        }
        return others;
    }

    private static ValueReader<Links.Link> combined(
            ValueReader<Links.Link> value, List<MemoryValue<Links.Link>> others) {
        ValueReader<Links.Link> combined = value;
        for (MemoryValue<Links.Link> other : others) {
            combined = Values.combine(combined, other, Links.Link::unless);
        }
        return combined;
    }

    /** It looks at all, as the views do, but could not wait for all of them. */
    private static Reader combining(Watcher<Links.Link> watcher, List<MemoryValue<Links.Link>> others) {
        List<Watcher<Links.Link>> watchers = new ArrayList<>(List.of(watcher));
        others.forEach(other -> watchers.add(other.watch()));
        Links.Link[] last = new Links.Link[watchers.size()];
        return () -> {
            boolean news = false;
            for (int i = 0; i < last.length; i++) {
                Optional<Links.Link> unseen = watchers.get(i).poll();
                if (unseen.isPresent()) {
                    last[i] = unseen.get();
                    news = true;
                }
            }
            if (!news) {
                throw new IllegalStateException("nothing new, and this loop cannot wait");
            }
            Links.Link state = last[0];
            for (int i = 1; i < last.length; i++) {
                state = state.unless(last[i]);
            }
            return state;
        };
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Side side() {
        return reference() == null ? Side.PEER : Side.OURS;
    }

    @Override
    public @Nullable Entrant reference() {
        return switch (this) {
            case MAP -> MAP_LOOP;
            case FILTER -> FILTER_LOOP;
            case COMBINE -> COMBINE_LOOP;
            default -> null;
        };
    }

    /** Returns what is new. */
    @FunctionalInterface
    interface Reader {
        Links.Link next() throws InterruptedException;
    }
}
