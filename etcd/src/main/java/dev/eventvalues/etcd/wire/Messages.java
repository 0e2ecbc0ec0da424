package dev.eventvalues.etcd.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.proto.Event;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.ResponseHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between etcd's messages and our own terms. */
final class Messages {
    /** What etcd writes for "the least key there is" and, as an end, for "no end". */
    static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    private Messages() {}

    static ByteString bytes(Key key) {
        return UnsafeByteOperations.unsafeWrap(key.bytes());
    }

    /** The first key of a request; etcd refuses an empty one. */
    static ByteString start(Key from) {
        return from.length() == 0 ? ZERO : bytes(from);
    }

    /** The end of a request: empty for one key, for which etcd has a shorter way. */
    static ByteString end(Span span) {
        return span.isOneKey() ? ByteString.EMPTY : span.to() == null ? ZERO : bytes(span.to());
    }

    static Origin origin(ResponseHeader header) {
        return new Origin(header.getClusterId(), header.getRevision(), header.getRaftTerm());
    }

    static List<Map.Entry<Key, Item>> items(List<KeyValue> pairs) {
        List<Map.Entry<Key, Item>> items = new ArrayList<>(pairs.size());
        for (KeyValue pair : pairs) {
            items.add(Map.entry(key(pair), item(pair)));
        }
        return items;
    }

    /** What was read of one key; null if it is absent. */
    static @Nullable Item item(RangeResponse answer) {
        return answer.getKvsCount() == 0 ? null : item(answer.getKvs(0));
    }

    static List<Change> changes(List<Event> events) {
        List<Change> changes = new ArrayList<>(events.size());
        for (Event event : events) {
            KeyValue pair = event.getKv();
            boolean deleted = event.getType() == Event.EventType.DELETE;
            changes.add(new Change(key(pair), pair.getModRevision(), deleted ? null : item(pair)));
        }
        return changes;
    }

    private static Key key(KeyValue pair) {
        return Key.of(pair.getKey().toByteArray());
    }

    private static Item item(KeyValue pair) {
        return new Item(
                pair.getValue().toByteArray(),
                pair.getCreateRevision(),
                pair.getModRevision(),
                pair.getVersion(),
                pair.getLease());
    }
}
