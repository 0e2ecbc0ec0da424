package dev.eventvalues.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** What a proxy lets through, and when: it is asked before each piece that is passed on. */
final class Valve {
    private static final long NO_LIMIT = -1;

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private boolean shutToServer;
    private boolean shutToClient;
    private boolean cutting;
    private Duration delay = Duration.ZERO;
    private long bytesToClientLeft = NO_LIMIT;

    /** How many bytes may go to the client now, and whether the connections are to be cut after them. */
    record Grant(int bytes, boolean thenCut) {}

    void shut() {
        shut(true, true);
    }

    /** Lets nothing pass in one direction, or in both. What it does not name it opens. */
    void shut(boolean toServer, boolean toClient) {
        change(() -> {
            shutToServer = toServer;
            shutToClient = toClient;
        });
    }

    void delay(Duration each) {
        change(() -> delay = each);
    }

    void cutAfter(long bytesToClient) {
        change(() -> bytesToClientLeft = bytesToClient);
    }

    /** To be called when the connections have been cut as the last grant said. */
    void cut() {
        change(() -> cutting = false);
    }

    void open() {
        change(() -> {
            shutToServer = false;
            shutToClient = false;
            delay = Duration.ZERO;
            bytesToClientLeft = NO_LIMIT;
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a piece may pass in a direction. */
    void awaitOpen(boolean toClient) throws InterruptedException {
        lock.lock();
        try {
            long start = System.nanoTime();
            while (true) {
                if (cutting || (toClient ? shutToClient : shutToServer)) {
                    changed.await();
                    continue;
                }
                long left = delay.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    return;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a piece may go to the client, and says how much of it. */
    Grant awaitOpenToClient(int bytes) throws InterruptedException {
        lock.lock();
        try {
            awaitOpen(true);
            if (bytesToClientLeft == NO_LIMIT || bytes < bytesToClientLeft) {
                bytesToClientLeft = bytesToClientLeft == NO_LIMIT ? NO_LIMIT : bytesToClientLeft - bytes;
                return new Grant(bytes, false);
            }
            Grant last = new Grant((int) bytesToClientLeft, true);
            bytesToClientLeft = NO_LIMIT;
            cutting = true;
            return last;
        } finally {
            lock.unlock();
        }
    }
}
