/**
 * A fault campaign on real clusters: while a writer writes, members, links, clients, credentials and consumers fail in ways
 * that a seed decides, and what every watcher was shown is compared with what etcd committed.
 *
 * <p>Read {@link dev.eventvalues.verification.campaign.Invariants} for what must hold, {@link
 * dev.eventvalues.verification.campaign.Fault} for what is done to the cluster, and {@link
 * dev.eventvalues.verification.campaign.Schedule} for how one schedule goes. {@code Plan} makes it of its seed. The watchers
 * live in a process of their own, {@code WatcherProcess}, so that it can be frozen; what they see, {@code Sighting}, comes
 * back to be judged. {@code Journal} and {@code Truth} know what was really there. The negative control is {@code
 * ClassicWatcher}.
 *
 * <p>{@code Soak} does the same for long: one fault after the other on one cluster, {@code Rounds}, with watchers that stay and
 * {@code Guests} that come and go, and a {@code Sample} of what there is after each, judged by {@code Steadiness}.
 */
@NullMarked
package dev.eventvalues.verification.campaign;

import org.jspecify.annotations.NullMarked;
