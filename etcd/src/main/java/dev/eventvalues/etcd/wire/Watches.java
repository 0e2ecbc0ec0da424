package dev.eventvalues.etcd.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a stream by their number. A number is used once on a stream: late answers name watches that are gone.
 *
 * <p>Guarded by whoever has it.
 */
final class Watches {
    /*
     * There may be ten thousand, and most stay. So they are in an array, not in a map of boxed numbers: the lower bits of
     * a number are the place in the array, which is used again; the upper ones count, so that no number is.
     */
    private static final int PLACE_BITS = 24;

    private static final int FEWEST = 16;

    private @Nullable Watch[] places = new Watch[FEWEST];

    /** Places below {@code used} that are free. */
    private final Deque<Integer> free = new ArrayDeque<>();

    private int used;
    private long last;

    /** A number for another watch; {@link #add} it before the next is asked for. */
    long next() {
        Integer again = free.peek();
        return ++last << PLACE_BITS | (again == null ? used : again);
    }

    /** Adds a watch under the number it has got. */
    void add(Watch watch) {
        int place = place(watch.id());
        if (place == used) {
            if (used == places.length) {
                places = Arrays.copyOf(places, used + used / 2);
            }
            used++;
        } else {
            free.remove();
        }
        places[place] = watch;
    }

    /** The watch of a number that the server has named; null if there is none, or not any more. */
    @Nullable
    Watch get(long number) {
        Watch watch = number < 0 || place(number) >= used ? null : places[place(number)];
        return watch != null && watch.id() == number ? watch : null;
    }

    /** Takes a watch out. */
    void remove(Watch watch) {
        int place = place(watch.id());
        places[place] = null;
        free.add(place);
    }

    int size() {
        return used - free.size();
    }

    /** All, in no order. */
    List<Watch> all() {
        List<Watch> all = new ArrayList<>(size());
        Arrays.stream(places).filter(Objects::nonNull).forEach(all::add);
        return all;
    }

    private static int place(long number) {
        return (int) (number & ((1 << PLACE_BITS) - 1));
    }
}
