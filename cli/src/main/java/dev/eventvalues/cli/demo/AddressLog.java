package dev.eventvalues.cli.demo;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A consumer that is called: a listener, on the thread of the executor it is given. */
final class AddressLog {
    private final MemoryValue<Optional<String>> logged = new MemoryValue<>();
    private final PrintStream out;

    AddressLog(PrintStream out) {
        this.out = out;
    }

    Registration follow(ValueReader<Optional<String>> address, Executor executor) {
        return address.onChange(this::log, executor);
    }

    private void log(Optional<String> now) {
        out.println("log: " + now.orElse("no address"));
        logged.set(now);
    }

    /** What was logged last. */
    ValueReader<Optional<String>> logged() {
        return logged;
    }
}
