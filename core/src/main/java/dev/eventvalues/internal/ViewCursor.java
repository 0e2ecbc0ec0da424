package dev.eventvalues.internal;

/**
 * The position in a view of one other reader: that reader's position.
 *
 * @param <S> the states of the reader
 * @param <T> the states of the view
 */
public abstract class ViewCursor<S, T> extends Cursor<T> {
    private final Cursor<S> upstream;

    /** Whether the view shows what the reader showed last: as of the last delivery, and of the last look. */
    private boolean delivered;

    private boolean examined;

    /* Both are written by the running call only. */

    /**
     * For subclasses.
     *
     * @param upstream a fresh cursor of the reader
     */
    protected ViewCursor(Cursor<S> upstream) {
        this.upstream = upstream;
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Object examine() {
        boolean before = examined;
        examined = delivered; // unless the reader shows another state
        Object state = upstream.examine();
        if (state == Unseen.NOTHING) {
            examined = before;
        } else if (state == Unseen.SAME) {
            return delivered ? Unseen.SAME : Unseen.HIDDEN;
        } else if (state != Unseen.HIDDEN) {
            examined = false; // unless the view shows it
            state = view((S) state);
            examined = state != Unseen.HIDDEN;
        }
        return state;
    }

    /**
     * Shows one state of the reader.
     *
     * @param state not null
     * @return what {@link #examine} is to return
     */
    protected abstract Object view(S state);

    @Override
    protected void commit() {
        delivered = examined;
        upstream.commit();
    }

    @Override
    protected void rollback() {
        examined = delivered;
        upstream.rollback();
    }

    @Override
    protected boolean hasMoved() {
        return upstream.hasMoved();
    }

    @Override
    public final void arm(Waiter waiter) {
        upstream.arm(waiter);
    }

    @Override
    protected void release() {
        upstream.close();
    }

    @Override
    public final boolean ended() {
        return super.ended() || upstream.ended();
    }

    @Override
    protected String missing() {
        return upstream.missing();
    }
}
