/**
 * How values wait and how views are computed. Not an API: exported to the other modules of this library only.
 *
 * <p>Reading order: {@link dev.eventvalues.internal.WaitList} (who waits, and who wakes them),
 * {@link dev.eventvalues.internal.Waiter} (how a call waits; {@code BlockedThread} is one of a thread,
 * {@link dev.eventvalues.internal.Turns} one of a task), {@link dev.eventvalues.internal.Cursor} (a position in a value: every watcher of this library),
 * {@link dev.eventvalues.internal.Cell} (one state in memory); then the views.
 */
@NullMarked
package dev.eventvalues.internal;

import org.jspecify.annotations.NullMarked;
