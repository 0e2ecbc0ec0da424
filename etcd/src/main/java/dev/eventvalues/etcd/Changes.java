package dev.eventvalues.etcd;

import java.util.List;

/**
 * How a range differs from the last delivery of the same watcher. Applied to the values delivered then, the changes give
 * the values of {@code after}.
 *
 * @param <T> the values
 * @param changes one for each key that differs, in the order of the keys; unmodifiable
 * @param after the whole range now
 * @param resync true if another store answers than at the last delivery (a restored backup, another cluster), so that
 *     revisions cannot be compared with those before. The changes are the true difference all the same
 */
public record Changes<T>(List<Change<T>> changes, Snapshot<T> after, boolean resync) {}
