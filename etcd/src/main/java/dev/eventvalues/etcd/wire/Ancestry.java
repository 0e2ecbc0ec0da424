package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Lineage;
import dev.eventvalues.etcd.state.Origin;

/**
 * Watches over all links that the answers are of one store. A store is replaced while there is no connection to it, so the
 * probe that makes an endpoint usable finds out before anything else is asked for.
 *
 * <p>Guarded by the serial context.
 */
final class Ancestry {
    private final Runnable onReplaced;
    private Lineage lineage = Lineage.UNKNOWN;

    /**
     * Before the first answer.
     *
     * @param onReplaced told that another store answers than before
     */
    Ancestry(Runnable onReplaced) {
        this.onReplaced = onReplaced;
    }

    /** To be given back with the answer to the question that is asked now. */
    Lineage lineage() {
        return lineage;
    }

    /** A linearizable read was answered. */
    void answered(Lineage asked, Origin answer) {
        int stores = lineage.stores();
        lineage = lineage.answered(asked, answer);
        if (lineage.stores() > stores) {
            onReplaced.run();
        }
    }
}
