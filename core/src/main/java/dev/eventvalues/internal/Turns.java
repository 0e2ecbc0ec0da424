package dev.eventvalues.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;

/**
 * A task that runs on an executor whenever something it waits for has changed: never twice at once, no change missed,
 * and no thread held in between.
 */
abstract class Turns extends Waiter implements Runnable {
    /*
     * WAITING -wake-> SCHEDULED -run-> RUNNING -nothing to do-> WAITING
     *                                  RUNNING -wake-> WOKEN -nothing to do-> RUNNING
     * (with startWaiting, the first turn is one of the caller's that does nothing but join)
     * and from each of them, once, to ENDED. Who makes the step to ENDED from WAITING or SCHEDULED cleans up; a turn
     * that is running is told by ENDING, and cleans up itself.
     */
    private static final int SCHEDULED = 0;
    private static final int WAITING = 1;
    private static final int RUNNING = 2;
    private static final int WOKEN = 3;
    private static final int ENDING = 4;
    private static final int ENDED = 5;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Turns.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor executor;

    /** Starts as if woken, so that the first turn is due once {@link #start} is called. */
    private volatile int phase = SCHEDULED;

    Turns(Executor executor) {
        this.executor = executor;
    }

    /** Asks for the first turn. Call once, or {@link #startWaiting}. */
    final void start() {
        submit();
    }

    /**
     * Asks for the first turn as soon as there may be something to do: now, or when woken. The caller knows that nobody
     * ends the turns meanwhile.
     *
     * @param cursor what is watched
     */
    final void startWaiting(Cursor<?> cursor) {
        phase = RUNNING; // a turn without user code: so it needs no executor
        armAt(cursor);
        if (cursor.ended() || cursor.hasMoved() || !move(RUNNING, WAITING)) {
            phase = SCHEDULED;
            submit();
        }
    }

    /**
     * One turn, on the executor.
     *
     * @return false if there is nothing to do until woken
     */
    abstract boolean turn();

    /** After the last turn, once, on whichever thread made it the last. */
    abstract void cleanUp();

    /** The executor refused; {@link #cleanUp} has been called. */
    abstract void rejected(Throwable reason);

    @Override
    final void wake() {
        int now;
        boolean told;
        do {
            now = phase;
            told = now == WAITING ? move(WAITING, SCHEDULED) : now != RUNNING || move(RUNNING, WOKEN);
        } while (!told);
        if (now == WAITING) {
            submit();
        }
    }

    @Override
    public final void run() {
        if (!move(SCHEDULED, RUNNING)) {
            return;
        }
        while (phase < ENDING) {
            if (!turn() && move(RUNNING, WAITING)) {
                return;
            }
            move(WOKEN, RUNNING);
        }
        if (move(ENDING, ENDED)) {
            finish();
        }
    }

    /**
     * Ends the turns: none starts any more. A running one is not awaited.
     *
     * @return false if they had ended already
     */
    final boolean end() {
        while (true) {
            int now = phase;
            if (now >= ENDING) {
                return false;
            }
            if (now == RUNNING || now == WOKEN) {
                if (move(now, ENDING)) {
                    return true;
                }
            } else if (move(now, ENDED)) {
                finish();
                return true;
            }
        }
    }

    final boolean hasEnded() {
        return phase >= ENDING;
    }

    private void submit() {
        try {
            executor.execute(this);
        } catch (Throwable refusal) { // whatever an executor throws must not reach the setter
            if (move(SCHEDULED, ENDED)) {
                finish();
                rejected(refusal);
            }
        }
    }

    private void finish() {
        disarm();
        cleanUp();
    }

    private boolean move(int from, int to) {
        return PHASE.compareAndSet(this, from, to);
    }
}
