package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import org.jspecify.annotations.Nullable;

/**
 * One event of a watch.
 *
 * @param key the key
 * @param revision the revision that wrote or deleted it
 * @param item what it holds since; null if it was deleted
 */
public record Change(Key key, long revision, @Nullable Item item) {}
