package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.ClientFaults;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What faults strike in one schedule.
 *
 * @param stage the cluster
 * @param watchers the process with the watchers
 * @param journal by which the range is written
 * @param inUse the member that the watchers used at first
 */
record Scene(Stage stage, Watchers watchers, Journal journal, int inUse) {
    EtcdCluster cluster() {
        return stage.cluster();
    }

    Secrets secrets() {
        return stage.secrets();
    }

    Disks disks() {
        return stage.disks();
    }

    Member victim(Blow blow) {
        return cluster().member((inUse + blow.victim()) % cluster().members().size());
    }

    ClientFaults paths(Blow blow) {
        return blow.victim() == Blow.ALL ? cluster() : victim(blow);
    }

    boolean answers(Member member) {
        return stage.answers(member);
    }

    void raiseAlarm() {
        stage.raiseAlarm();
    }

    void endAlarms() {
        stage.endAlarms();
    }

    /** Lets time pass: faults last, writers rest. */
    static void pass(Duration time) {
        until(System.nanoTime() + time.toNanos());
    }

    static void until(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
