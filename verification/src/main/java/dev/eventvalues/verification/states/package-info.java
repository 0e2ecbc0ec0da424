/**
 * The protocol of following etcd without etcd: every short sequence of events, and random schedules of a simulated
 * cluster. Reading order: {@link dev.eventvalues.verification.states.Invariant} (what must hold), {@link
 * dev.eventvalues.verification.states.Referee} (how that is judged), {@link dev.eventvalues.verification.states.Store}
 * (what there is), {@link dev.eventvalues.verification.states.Sequences} and {@link
 * dev.eventvalues.verification.states.Schedule} (what is tried), {@link
 * dev.eventvalues.verification.states.Flaw} and {@link dev.eventvalues.verification.states.Classic} (that all this would
 * find a mistake).
 */
@NullMarked
package dev.eventvalues.verification.states;

import org.jspecify.annotations.NullMarked;
