package dev.eventvalues.cli.demo;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.io.PrintStream;
import java.util.Optional;

/** A consumer that does its work in a loop on its own thread: it keeps the hosts file right. */
final class HostsFile implements Runnable {
    private final ValueReader<Optional<String>> address;
    private final MemoryValue<Optional<String>> written = new MemoryValue<>();
    private final PrintStream out;

    HostsFile(ValueReader<Optional<String>> address, PrintStream out) {
        this.address = address;
        this.out = out;
    }

    @Override
    public void run() {
        try (Watcher<Optional<String>> watcher = address.watch()) {
            while (true) {
                write(watcher.next());
            }
        } catch (InterruptedException e) {
            // the program ends
        }
    }

    private void write(Optional<String> now) {
        out.println("/etc/hosts: foo.example.com " + now.map(a -> "is now " + a).orElse("has no address"));
        written.set(now);
    }

    /** What the file says: a fact that others can follow, as this follows the address. */
    ValueReader<Optional<String>> written() {
        return written;
    }
}
