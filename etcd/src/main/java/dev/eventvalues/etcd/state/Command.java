package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;

/** What is to be done next. It replaces the command before it, which is abandoned if it still runs. */
public sealed interface Command {
    /**
     * Tells the answers to this command from late answers to an earlier one.
     *
     * @return grows by one with each command
     */
    long ticket();

    /**
     * Read a page of the span; linearizable.
     *
     * @param ticket to be returned
     * @param from the first key of the page
     * @param revision the revision to read at; 0 for the newest
     * @param keys the most keys of the page
     */
    record Read(long ticket, Key from, long revision, int keys) implements Command {}

    /**
     * Prove the cluster and its newest revision by a small linearizable read.
     *
     * @param ticket to be returned
     */
    record Confirm(long ticket) implements Command {}

    /**
     * Watch the span.
     *
     * @param ticket to be returned
     * @param revision the first revision whose events are wanted
     * @param early where to begin instead, if the store is known to have come to {@code revision} already
     */
    record Follow(long ticket, long revision, long early) implements Command {}

    /**
     * Wait before the next attempt, longer the more have failed, and never all feeds alike.
     *
     * @param ticket to be returned
     * @param attempt how many attempts have failed in a row, from 1
     * @param costly whether each attempt is a lot of work in vain
     */
    record Rest(long ticket, int attempt, boolean costly) implements Command {}
}
