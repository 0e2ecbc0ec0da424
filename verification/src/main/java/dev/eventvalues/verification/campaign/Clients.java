package dev.eventvalues.verification.campaign;

import java.util.List;

/** The clients of one audience: who is to be tried, or the control. */
interface Clients {
    /** Ends this and that, and notes how long it took. */
    void disturb(List<Order.Ending> endings);

    /** Ends everything. */
    void close(List<Order.Ending> endings);
}
