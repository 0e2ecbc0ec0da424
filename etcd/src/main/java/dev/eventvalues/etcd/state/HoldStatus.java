package dev.eventvalues.etcd.state;

import java.time.Instant;

/** What the holder of a key may believe; see {@link Holding}. */
public sealed interface HoldStatus {
    /** The first attempt is under way. */
    record Undecided() implements HoldStatus {}

    /**
     * The first attempt was refused, and there is no other. The machine has ended.
     *
     * @param trouble why
     */
    record Refused(Trouble trouble) implements HoldStatus {}

    /**
     * The key is ours.
     *
     * @param revision the revision that took it
     * @param until when the lease may end, unless it is confirmed before
     * @param afterwards what holds from then on
     */
    record Held(long revision, Moment until, Lost afterwards) implements HoldStatus {}

    /**
     * The key is not ours, or not certainly. It is tried to get it.
     *
     * @param since since when
     * @param reason why
     */
    record Lost(Instant since, String reason) implements HoldStatus {}

    /** It is being given back; nobody may believe in it any more. */
    record Closing() implements HoldStatus {}

    /** The machine has ended. */
    record Closed() implements HoldStatus {}

    /**
     * What may be believed of this status at some later time, if nothing has happened since.
     *
     * @param now the time
     * @return this or what comes after it
     */
    default HoldStatus at(Moment now) {
        return this instanceof Held held && held.until.hasComeBy(now) ? held.afterwards : this;
    }
}
