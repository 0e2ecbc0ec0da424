package dev.eventvalues.verification.campaign;

import java.util.List;

/** The clients of one audience: who is to be tried, or the control. */
interface Clients {
    /** Lets in those who come and go. */
    void welcome(Order.Welcome guests);

    /**
     * Lets nobody in any more, waits until all guests have left, and says who they were.
     *
     * @param left is added who does not leave
     */
    Guests bidFarewell(List<String> left) throws InterruptedException;

    /** Ends this and that, and notes how long it took. */
    void disturb(List<Order.Ending> endings);

    /** Ends everything. */
    void close(List<Order.Ending> endings);
}
