package dev.eventvalues.benchmarks;

import org.jspecify.annotations.Nullable;

/** Virtual threads, each blocked in {@code next}. */
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class ThreadCrowd implements Crowd {
    private final Peer<Object> cell;
    private final Thread[] threads;
    private final RollCall rollCall;

    /** The last state. Written by {@link #end}, before it is set. */
    private volatile @Nullable Object end;

    /** Opens the readers, each with a thread, and returns when all wait. */
    ThreadCrowd(Peer<Object> cell, int size) throws InterruptedException {
        this.cell = cell;
        threads = new Thread[size];
        rollCall = new RollCall(size);
        Object[] readers = new Object[size];
        for (int i = 0; i < size; i++) {
            readers[i] = cell.open();
            cell.next(readers[i]);
        }
        for (int i = 0; i < size; i++) {
            Object reader = readers[i];
            threads[i] = VirtualThreads.start(() -> follow(reader));
        }
        awaitWaiting();
    }

    private void follow(Object reader) {
        try {
            for (Object state = cell.next(reader); state != end; state = cell.next(reader)) {
                rollCall.answer(state);
            }
        } catch (Throwable e) { // also the AssertionError of a peer that delivers something else
            rollCall.fail(e);
        }
    }

    @Override
    public Wake wake(Object state) throws InterruptedException {
        rollCall.begin(state);
        long began = System.nanoTime();
        cell.set(state);
        long returned = System.nanoTime();
        long all = rollCall.await();
        awaitWaiting();
        return new Wake(returned - began, all - began);
    }

    @Override
    public void end() throws InterruptedException {
        Object last = new Object();
        end = last;
        cell.set(last);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // to leave the processor to those who are not there yet
    private void awaitWaiting() {
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING && !rollCall.failed()) {
                Thread.yield();
            }
        }
    }
}
