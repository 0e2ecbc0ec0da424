package dev.eventvalues.verification.campaign;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process in which the watchers live, see {@link WatcherProcess}. It serves many schedules, one after the other. Used
 * by one thread at a time.
 */
final class Watchers implements AutoCloseable {
    private static final int EXIT_ON_OUT_OF_MEMORY = 3;

    private final int megabytes;
    private final Process process;
    private final ObjectOutputStream orders;
    private final DataInputStream answers;

    /* By how many faults it is frozen, and what it could not be told yet. */
    private int frozen;
    private @Nullable Pace wanted;

    private Watchers(int megabytes, Process process) throws IOException {
        this.megabytes = megabytes;
        this.process = process;
        this.orders = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.orders.flush();
        this.answers = new DataInputStream(process.getInputStream());
    }

    /**
     * Starts the process.
     *
     * @param megabytes of heap: little, so that what is not bounded shows
     * @param log where what it says goes
     */
    static Watchers start(int megabytes, Redirect log) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        // What softly refers to something is no part of the heap's floor.
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatcherProcess.class.getName()))
                .redirectError(log)
                .start();
        try {
            return new Watchers(megabytes, process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    void open(Access access, boolean classic) {
        order(new Order.Open(access, classic), Order.Done.class);
    }

    Order.Arrival await(Order.Await state) {
        return order(state, Order.Arrival.class);
    }

    void disturb() {
        if (frozen == 0) {
            order(new Order.Disturb(), Order.Done.class);
        }
    }

    Order.Testimony testify() {
        return order(new Order.Close(), Order.Testimony.class);
    }

    void welcome(Order.Welcome guests) {
        order(guests, Order.Done.class);
    }

    Order.Account bidFarewell() {
        return order(new Order.Farewell(), Order.Account.class);
    }

    Footprint measure() {
        return order(new Order.Measure(), Footprint.class);
    }

    void pace(Pace pace) {
        if (frozen > 0) {
            wanted = pace;
        } else {
            order(new Order.Set(pace), Order.Done.class);
        }
    }

    void freeze() {
        if (frozen++ == 0) {
            signal("STOP");
        }
    }

    void thaw() {
        if (frozen > 0 && --frozen == 0) {
            signal("CONT");
            Pace pace = wanted;
            wanted = null;
            if (pace != null) {
                pace(pace);
            }
        }
    }

    /** Thawed and eager, whatever happened. */
    void mend() {
        while (frozen > 0) {
            thaw();
        }
        pace(Pace.EAGER);
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("the process with the watchers cannot be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private <T> T order(Order order, Class<T> answer) {
        try {
            orders.writeObject(order);
            orders.flush();
            orders.reset();
            byte[] bytes = new byte[answers.readInt()];
            answers.readFully(bytes);
            Object given = new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
            if (given instanceof RuntimeException failure) {
                throw new IllegalStateException("the process with the watchers failed", failure);
            }
            return answer.cast(given);
        } catch (IOException e) {
            if (hasRunOutOfMemory()) {
                throw new OutOfMemoryException(
                        "the process with the watchers has run out of memory: " + megabytes + " MB of heap", e);
            }
            throw new UncheckedIOException("the process with the watchers has ended: " + process, e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean hasRunOutOfMemory() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == EXIT_ON_OUT_OF_MEMORY;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The process needed more memory than it was given. */
    static final class OutOfMemoryException extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        OutOfMemoryException(String message, IOException cause) {
            super(message, cause);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
