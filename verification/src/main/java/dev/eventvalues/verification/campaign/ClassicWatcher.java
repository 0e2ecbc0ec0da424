package dev.eventvalues.verification.campaign;

import com.google.protobuf.ByteString;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.wire.proto.Event;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The negative control: the classic way to follow keys of etcd, as it is written again and again. List, watch from the next
 * revision, hand over what differs from the last; when anything breaks, begin anew.
 *
 * <p>Its flaws are on purpose. A new listing replaces what was known, so what vanished meanwhile is never told; what was
 * received and not yet taken is thrown away with it. Bytes are compared, and no bytes are the same as no key. News are
 * compared with what arrived last, not with what was taken last. No leader is required.
 */
final class ClassicWatcher implements Feed<ClassicWatcher.News>, AutoCloseable {
    private static final long REST_MILLIS = 100;

    private final Access access;
    private final @Nullable String key;
    private final Thread thread = new Thread(this::run, "classic watcher");

    // guarded by this
    private final Map<String, ByteString> current = new HashMap<>();
    private final Map<String, ByteString> backlog = new LinkedHashMap<>();
    private boolean over;
    private @Nullable ClassicConnection connection;

    /** What a key holds now: null if it is gone, or empty. */
    record News(String key, @Nullable String value) {}

    /**
     * Begins to watch.
     *
     * @param key null for all of them
     */
    ClassicWatcher(Access access, @Nullable String key) {
        this.access = access;
        this.key = key;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        for (int attempt = 0; ; attempt++) {
            String endpoint =
                    access.endpoints().get(attempt % access.endpoints().size());
            try (ClassicConnection opened = ClassicConnection.open(access, endpoint, key)) {
                if (!begin(opened)) {
                    return;
                }
                follow(opened);
            } catch (StatusRuntimeException | IOException e) {
                // and anew
            }
            synchronized (this) {
                if (over) {
                    return;
                }
            }
            Scene.pass(Duration.ofMillis(REST_MILLIS));
        }
    }

    private synchronized boolean begin(ClassicConnection opened) {
        connection = opened;
        return !over;
    }

    private void follow(ClassicConnection opened) {
        RangeResponse listed = opened.list();
        reset(listed);
        Iterator<WatchResponse> responses = opened.watch(listed.getHeader().getRevision() + 1);
        while (responses.hasNext()) {
            WatchResponse response = responses.next();
            if (response.getCanceled()) {
                return;
            }
            response.getEventsList().forEach(this::receive);
        }
    }

    private synchronized void reset(RangeResponse listed) {
        current.clear();
        backlog.clear();
        for (KeyValue held : listed.getKvsList()) {
            add(opened(held.getKey()), held.getValue());
        }
        notifyAll();
    }

    private synchronized void receive(Event event) {
        ByteString value = event.getType() == Event.EventType.DELETE
                ? ByteString.EMPTY
                : event.getKv().getValue();
        add(opened(event.getKv().getKey()), value);
        notifyAll();
    }

    private void add(String name, ByteString value) {
        if (!value.equals(current.getOrDefault(name, ByteString.EMPTY))) {
            current.put(name, value);
            backlog.put(name, value);
        }
    }

    private String opened(ByteString full) {
        return full.substring(access.prefix().length()).toStringUtf8();
    }

    @Override
    public synchronized News next() throws InterruptedException {
        while (true) {
            Optional<News> news = poll();
            if (news.isPresent()) {
                return news.get();
            }
            wait();
        }
    }

    @Override
    public synchronized Optional<News> poll() {
        if (over) {
            throw new WatcherClosedException("closed");
        }
        Iterator<Map.Entry<String, ByteString>> oldest = backlog.entrySet().iterator();
        if (!oldest.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<String, ByteString> taken = oldest.next();
        oldest.remove();
        return Optional.of(new News(
                taken.getKey(),
                taken.getValue().isEmpty() ? null : taken.getValue().toStringUtf8()));
    }

    @Override
    public void close() {
        ClassicConnection open;
        synchronized (this) {
            over = true;
            open = connection;
            notifyAll();
        }
        if (open != null) {
            open.close();
        }
    }
}
