package dev.eventvalues;

import dev.eventvalues.internal.Combined;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Combines several values into one.
 *
 * <p>A combination is a view: it has a state while each of its inputs has one, and its watchers end at the combination
 * of the newest states. They may skip intermediate combinations, and two inputs that are set one after the other may be
 * seen in between. An input whose newest state failed (its mapper or decoder threw) shows nothing until its next good
 * state. The combining function runs on the thread of the call that reads, and must not return null.
 */
public final class Values {
    private Values() {}

    /**
     * A function of three.
     *
     * @param <A> the first argument
     * @param <B> the second argument
     * @param <C> the third argument
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Function3<A, B, C, R> {
        /**
         * Combines.
         *
         * @param a the state of the first input
         * @param b the state of the second input
         * @param c the state of the third input
         * @return the combination, not null
         */
        R apply(A a, B b, C c);
    }

    /**
     * Combines two values.
     *
     * @param <A> the states of the first
     * @param <B> the states of the second
     * @param <R> the combinations
     * @param a the first
     * @param b the second
     * @param f called with the newest state of each
     * @return a view
     * @throws IllegalArgumentException if a reader is not one of this library
     */
    @SuppressWarnings("unchecked")
    public static <A, B, R> ValueReader<R> combine(
            ValueReader<? extends A> a, ValueReader<? extends B> b, BiFunction<? super A, ? super B, ? extends R> f) {
        Objects.requireNonNull(f, "f");
        return new Combined<Object, R>(List.of(a, b), states -> f.apply((A) states.apply(0), (B) states.apply(1)));
    }

    /**
     * Combines three values.
     *
     * @param <A> the states of the first
     * @param <B> the states of the second
     * @param <C> the states of the third
     * @param <R> the combinations
     * @param a the first
     * @param b the second
     * @param c the third
     * @param f called with the newest state of each
     * @return a view
     * @throws IllegalArgumentException if a reader is not one of this library
     */
    @SuppressWarnings("unchecked")
    public static <A, B, C, R> ValueReader<R> combine(
            ValueReader<? extends A> a,
            ValueReader<? extends B> b,
            ValueReader<? extends C> c,
            Function3<? super A, ? super B, ? super C, ? extends R> f) {
        Objects.requireNonNull(f, "f");
        return new Combined<Object, R>(
                List.of(a, b, c), states -> f.apply((A) states.apply(0), (B) states.apply(1), (C) states.apply(2)));
    }

    /**
     * Combines any number of values. With none, the combination has one state, of the empty list.
     *
     * @param <T> the states
     * @param <R> the combinations
     * @param values what to combine; the list is copied
     * @param f called with an unmodifiable list of the newest state of each, in their order
     * @return a view
     * @throws IllegalArgumentException if a reader is not one of this library
     */
    public static <T, R> ValueReader<R> combine(
            List<? extends ValueReader<? extends T>> values, Function<? super List<T>, ? extends R> f) {
        Objects.requireNonNull(f, "f");
        List<ValueReader<? extends T>> inputs = List.copyOf(values);
        return new Combined<T, R>(inputs, states -> f.apply(list(inputs.size(), states)));
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> list(int size, IntFunction<T> elements) {
        Object[] list = new Object[size];
        for (int i = 0; i < size; i++) {
            list[i] = elements.apply(i);
        }
        return (List<T>) Collections.unmodifiableList(Arrays.asList(list));
    }
}
