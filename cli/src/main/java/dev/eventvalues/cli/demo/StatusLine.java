package dev.eventvalues.cli.demo;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.io.PrintStream;
import java.util.Optional;

/** A consumer that is slow: while it draws, states come and go. It is never behind by more than the one it draws. */
final class StatusLine implements Runnable {
    private static final long DRAWING_MILLIS = 1_500;

    private final ValueReader<Optional<String>> address;
    private final MemoryValue<Optional<String>> drawn = new MemoryValue<>();
    private final PrintStream out;

    /** Written by this line's thread, before it sets {@link #drawn}. */
    private int drawings;

    StatusLine(ValueReader<Optional<String>> address, PrintStream out) {
        this.address = address;
        this.out = out;
    }

    @Override
    public void run() {
        try (Watcher<Optional<String>> watcher = address.watch()) {
            while (true) {
                draw(watcher.next());
            }
        } catch (InterruptedException e) {
            // the program ends
        }
    }

    private void draw(Optional<String> now) throws InterruptedException {
        out.println("status line: [ " + now.map(a -> "online, " + a).orElse("offline") + " ]");
        drawings++;
        drawn.set(now);
        Thread.sleep(DRAWING_MILLIS);
    }

    /** What the line shows. */
    ValueReader<Optional<String>> drawn() {
        return drawn;
    }

    /** How often it was drawn. For those who have seen {@link #drawn()} show the last state. */
    int drawings() {
        return drawings;
    }
}
