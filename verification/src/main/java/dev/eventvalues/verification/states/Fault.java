package dev.eventvalues.verification.states;

/** What can go wrong in a simulation. Each schedule has some of them, so that what one hides is seen in another. */
enum Fault {
    CUT_CONNECTION("a connection is cut"),
    CUT_WITH_MANY("a connection is cut that many other watches ran on"),
    SILENT_CONNECTION("a connection goes silent"),
    CUT_OFF_MEMBER("a member is cut off from the others"),
    SLOW_MEMBER("a member lags behind"),
    ELECTION("a leader is elected"),
    COMPACTION("the history is compacted"),
    REFUSED_READ("a read is refused"),
    OVERSIZED_PAGE("a page is too large"),
    DENIED_WATCH("a watch is denied, as with a void token"),
    CANCELLED_WATCH("a watch is cancelled"),
    SENT_TWICE("events are sent twice"),
    LATE_ANSWER("an answer to an earlier command comes late"),
    FRAGMENTS("a revision arrives in fragments"),
    BACKUP("a backup is restored under the same id"),
    OTHER_CLUSTER("another cluster answers"),
    SLEEP("the client's machine sleeps"),
    LONG_TIME("a long time passes"),
    LOST_EVENTS("the server loses events");

    final String what;

    Fault(String what) {
        this.what = what;
    }
}
