/**
 * Values that producers set and consumers watch.
 *
 * <p>An <em>event value</em> is one fact that changes: an address, a role, a limit, a list of peers. Producers
 * {@linkplain dev.eventvalues.ValueWriter#set set} it; each consumer holds a {@link dev.eventvalues.Watcher} and asks
 * for the {@linkplain dev.eventvalues.Watcher#next() next} state it has not seen. A slow consumer skips to the newest
 * state: there is no queue, no history, and no missed final state.
 *
 * <pre>{@code
 * MemoryValue<String> address = new MemoryValue<>();
 *
 * // a consumer, on its own thread
 * try (Watcher<String> watcher = address.watch()) {
 *     while (true) {
 *         updateHostsFile(watcher.next());
 *     }
 * }
 *
 * // a producer
 * address.set("203.0.113.24");
 * }</pre>
 *
 * <p>Start with {@link dev.eventvalues.MemoryValue}; read {@link dev.eventvalues.ValueReader} for everything a consumer
 * can do and {@link dev.eventvalues.Watcher} for what exactly {@code next} promises. {@link dev.eventvalues.Values}
 * combines several values into one, {@link dev.eventvalues.Select} serves many from one loop, and
 * {@link dev.eventvalues.RendezvousValue} makes the producer wait until every consumer has looked.
 *
 * <p>It is not an event log or a message bus: states may be skipped, so do not use it where each change counts.
 *
 * <p><b>Null.</b> No state is ever null, and passing null anywhere throws {@link NullPointerException} at the call.
 */
@NullMarked
package dev.eventvalues;

import org.jspecify.annotations.NullMarked;
