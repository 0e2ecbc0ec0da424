package dev.eventvalues.benchmarks;

/** Readers that hold no thread while they wait. */
final class AsyncCrowd implements Crowd {
    private final Workers workers;
    private final AsyncCell cell;
    private final RollCall rollCall;

    /** Opens the readers, and returns when each has the first state and waits for the next. */
    AsyncCrowd(AsyncReader way, int size) throws InterruptedException {
        workers = way.workers();
        cell = way.cell(workers);
        rollCall = new RollCall(size);
        Object first = new Object();
        rollCall.begin(first);
        cell.set(first);
        for (int i = 0; i < size; i++) {
            cell.read(rollCall::answer);
        }
        rollCall.await();
        workers.awaitIdle();
    }

    @Override
    public Wake wake(Object state) throws InterruptedException {
        rollCall.begin(state);
        long began = System.nanoTime();
        cell.set(state);
        long returned = System.nanoTime();
        long all = rollCall.await();
        workers.awaitIdle();
        return new Wake(returned - began, all - began);
    }

    @Override
    public void end() {
        cell.close();
        workers.close();
    }
}
