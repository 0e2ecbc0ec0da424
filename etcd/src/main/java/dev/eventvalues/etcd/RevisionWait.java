package dev.eventvalues.etcd;

import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.LiveFeed;
import dev.eventvalues.etcd.wire.RequestFailedException;
import dev.eventvalues.etcd.wire.Store;
import dev.eventvalues.internal.Cell;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Waiter;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits until a key is known as it was at a revision, or later.
 *
 * <p>The feed of a quiet key does not advance while only other keys are written. So if it does not get there soon, the key
 * is read as well: if the reading is not older than the revision and shows the write that the feed knows, the feed has
 * missed nothing.
 */
final class RevisionWait implements Waiter.Subject<RevisionWait.Shown, RuntimeException> {
    private static final long FIRST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** With the namespace. */
    private final Key full;

    private final long revision;
    private final LiveFeed feed;
    private final Store store;
    private final Cell<Answer> answers = new Cell<>();

    /** Whether a reading is under way. Written by the waiting thread, and when its answer has been set. */
    private volatile boolean asking;

    /** The outcome of a reading; one of the two is null. */
    private record Answer(
            Store.@Nullable Reading reading, @Nullable Trouble trouble) {}

    /**
     * What is known of the key at last.
     *
     * @param item null if it is absent
     */
    record Shown(@Nullable Item item) {}

    RevisionWait(Key full, long revision, LiveFeed feed, Store store) {
        this.full = full;
        this.revision = revision;
        this.feed = feed;
        this.store = store;
    }

    /** Waits; then what the key holds, null if it is absent. */
    @Nullable
    Item await(Key key, Duration timeout) throws InterruptedException, TimeoutException {
        long timeoutNanos = Cursor.saturated(timeout);
        long start = System.nanoTime();
        long rest = FIRST_REST_NANOS;
        while (true) {
            long left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
            Shown shown = Waiter.await(this, Math.min(rest, left));
            if (shown != null) {
                return shown.item;
            }
            if (left <= rest) {
                throw new TimeoutException("key \"" + key + "\" is not known up to revision " + revision + " within "
                        + timeout + ": " + missing());
            }
            ask();
            rest = Math.min(rest * 2, LONGEST_REST_NANOS);
        }
    }

    private void ask() {
        if (asking) {
            return;
        }
        asking = true;
        Object unused = store.read(full).whenComplete((reading, failure) -> {
            asking = false;
            answers.set(new Answer(reading, failure == null ? null : trouble(failure)));
        });
    }

    private static Trouble trouble(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RequestFailedException failed
                ? failed.trouble()
                : new Trouble(Trouble.Kind.UNREACHABLE, String.valueOf(cause));
    }

    @Override
    public @Nullable Shown attempt() {
        Known now = feed.known();
        if (now.closed()) {
            throw new WatcherClosedException("the EtcdValues is closed");
        }
        Answer answer = answers.get();
        if (now.items() != null) {
            Item item = now.items().get(full);
            if (now.revision() >= revision || (answer != null && proves(answer.reading, now, item))) {
                return new Shown(item);
            }
        }
        Trouble refusal = now.refusal();
        if (refusal == null
                && answer != null
                && answer.trouble != null
                && answer.trouble.kind().isPermanent()) {
            refusal = answer.trouble;
        }
        if (refusal != null) {
            throw EtcdException.of(refusal, "");
        }
        return null;
    }

    private boolean proves(Store.@Nullable Reading reading, Known now, @Nullable Item item) {
        if (reading == null || reading.origin().revision() < revision) {
            return false;
        }
        if (reading.origin().clusterId() != now.origin().clusterId()) {
            return false; // of another store, whose revisions say nothing
        }
        Item read = reading.item();
        if (read == null || item == null) {
            return read == item;
        }
        return read.modRevision() == item.modRevision() && read.sameValue(item);
    }

    @Override
    public void arm(Waiter waiter) {
        waiter.arm(feed);
        waiter.arm(answers.waiting());
    }

    private String missing() {
        Known now = feed.known();
        Answer answer = answers.get();
        String here =
                now.items() == null ? "etcd has not answered yet" : "it is known up to revision " + now.revision();
        String there = answer == null || answer.reading == null
                ? ""
                : "; etcd is at revision " + answer.reading.origin().revision();
        Trouble trouble = now.trouble() == null && answer != null ? answer.trouble : now.trouble();
        return here + there + (trouble == null ? "" : "; " + trouble.message());
    }
}
