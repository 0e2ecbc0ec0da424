package dev.eventvalues.internal;

import dev.eventvalues.Registration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@code onChange} registration: calls a listener with each newest state, conflated. */
public final class Listening<T> extends Turns implements Registration {
    private static final System.Logger LOG = System.getLogger(Listening.class.getPackageName());

    private final Cursor<T> cursor;
    private final Consumer<? super T> listener;
    private final @Nullable Consumer<? super RuntimeException> onFailure;

    private Listening(
            Cursor<T> cursor,
            Consumer<? super T> listener,
            @Nullable Consumer<? super RuntimeException> onFailure,
            Executor executor) {
        super(executor);
        this.cursor = cursor;
        this.listener = listener;
        this.onFailure = onFailure;
    }

    /**
     * Starts calling {@code listener}.
     *
     * @param <T> the states
     * @param cursor a fresh cursor, owned by the registration from now on
     * @param listener gets each state
     * @param onFailure gets each failed state; null logs it
     * @param executor runs both
     * @return the registration
     */
    public static <T> Registration start(
            Cursor<T> cursor,
            Consumer<? super T> listener,
            @Nullable Consumer<? super RuntimeException> onFailure,
            Executor executor) {
        Listening<T> listening = new Listening<>(cursor, listener, onFailure, executor);
        listening.start();
        return listening;
    }

    @Override
    boolean turn() {
        T state;
        try {
            state = cursor.takeOrArm(this);
        } catch (Throwable failure) {
            if (cursor.ended()) {
                end();
            } else {
                tell(failure);
            }
            return true;
        }
        if (state != null && !hasEnded()) {
            try {
                listener.accept(state);
            } catch (Throwable thrown) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "an onChange listener threw; it stays registered",
                        Discreet.of(thrown));
            }
        }
        return state != null;
    }

    private void tell(Throwable failure) {
        if (onFailure == null || !(failure instanceof RuntimeException told)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a state failed and was skipped by an onChange listener",
                    Discreet.of(failure));
            return;
        }
        try {
            onFailure.accept(told);
        } catch (Throwable thrown) {
            LOG.log(System.Logger.Level.ERROR, "an onFailure listener threw; it stays registered", Discreet.of(thrown));
        }
    }

    @Override
    void cleanUp() {
        cursor.close();
    }

    @Override
    void rejected(Throwable reason) {
        LOG.log(System.Logger.Level.WARNING, "the executor refused an onChange listener, which is now removed", reason);
    }

    @Override
    public void close() {
        end();
    }
}
