package dev.eventvalues.verification.campaign;

/** By how much this machine keeps a thread waiting that wants a processor every millisecond: what nobody can do better. */
final class Lateness implements AutoCloseable {
    private static final long PERIOD_NANOS = 1_000_000;

    private final Thread thread = new Thread(this::run, "lateness");
    private volatile boolean over; // written by close
    private volatile long worst; // written by the thread
    private volatile long last = System.nanoTime(); // written by the thread

    Lateness() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!over) {
            Scene.until(last + PERIOD_NANOS);
            long now = System.nanoTime();
            worst = Math.max(worst, now - last - PERIOD_NANOS);
            last = now;
        }
    }

    /** The worst so far. */
    long micros() {
        return Math.max(worst, System.nanoTime() - last - PERIOD_NANOS) / 1_000;
    }

    @Override
    public void close() {
        over = true;
    }
}
