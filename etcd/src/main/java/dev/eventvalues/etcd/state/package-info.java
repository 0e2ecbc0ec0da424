/**
 * What is known of a part of etcd's key space, and how it comes to be known: pure, without IO, threads or clocks.
 *
 * <p>Reading order: {@link dev.eventvalues.etcd.state.Span} (which keys), {@link dev.eventvalues.etcd.state.Known} (what
 * is known of them), {@link dev.eventvalues.etcd.state.Event} and {@link dev.eventvalues.etcd.state.Command} (what comes
 * in and what goes out), {@link dev.eventvalues.etcd.state.Follower} (the state machine), and
 * {@link dev.eventvalues.etcd.state.Tree} (how the items are held). Beside it: {@link dev.eventvalues.etcd.state.Route}
 * (which endpoint is used), {@link dev.eventvalues.etcd.state.Holding} (how a key is held) and
 * {@link dev.eventvalues.etcd.state.Audit} (a second opinion). Not an API.
 */
@NullMarked
package dev.eventvalues.etcd.state;

import org.jspecify.annotations.NullMarked;
