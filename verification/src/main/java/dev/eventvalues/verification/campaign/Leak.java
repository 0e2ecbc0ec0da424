package dev.eventvalues.verification.campaign;

import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValues;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Something that is not cleaned up on purpose: a soak must find it. */
enum Leak {
    nothing("nothing", 0) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) {
            return () -> {};
        }
    },

    watchers("watchers that are not closed", 1) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) {
            return range.watch();
        }
    },

    listeners("listeners that are not closed", 1) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) {
            return range.onChange(state -> {}, Runnable::run);
        }
    },

    feeds("a key that is watched for ever, in each round", 0) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) {
            return values.value("leak " + number, Codec.utf8()).watch();
        }
    },

    threads("a thread in each round", 0) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) {
            Thread thread = new Thread(
                    () -> {
                        while (!Thread.interrupted()) {
                            LockSupport.park();
                        }
                    },
                    "leak " + number);
            thread.setDaemon(true);
            thread.start();
            return thread::interrupt;
        }
    },

    files("an open file in each round", 0) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) throws IOException {
            return Files.newInputStream(Path.of("/dev/null"));
        }
    },

    sockets("a socket in each round", 0) {
        @Override
        AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) throws IOException {
            return new ServerSocket(0);
        }
    };

    private final String description;
    private final int afterGuests;

    /**
     * A leak.
     *
     * @param afterGuests how many guests come for each; 0 if there is one a round
     */
    Leak(String description, int afterGuests) {
        this.description = description;
        this.afterGuests = afterGuests;
    }

    abstract AutoCloseable made(EtcdValues values, EtcdRange<String> range, int number) throws IOException;

    boolean isDue(int guest) {
        return afterGuests == 0 ? guest == 0 : guest % afterGuests == 0;
    }

    @Override
    public String toString() {
        return description;
    }
}
