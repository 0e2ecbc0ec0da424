/**
 * All IO with etcd. It decides nothing: what to do comes as a {@link dev.eventvalues.etcd.state.Command} from the state
 * machine, what happened goes back as an {@link dev.eventvalues.etcd.state.Event}.
 *
 * <p>Reading order: {@link dev.eventvalues.etcd.wire.Transport} (the seam), {@code LiveFeed}
 * (runs one state machine over it), {@link dev.eventvalues.etcd.wire.Feeds} (which of them live), then the real
 * transport: {@link dev.eventvalues.etcd.wire.Connection} (starts commands, sends requests), {@code Router} (chooses the
 * endpoint), {@code Link} (one endpoint), {@code WatchStream} (many watches on one stream) and {@code Reads}. Writes go
 * through {@link dev.eventvalues.etcd.wire.Store}, holds through {@code LiveHold}. How a connection is secured is in
 * {@link dev.eventvalues.etcd.wire.Security}, {@code Tokens} and {@code RotatingTls}. Not an API.
 */
@NullMarked
package dev.eventvalues.etcd.wire;

import org.jspecify.annotations.NullMarked;
