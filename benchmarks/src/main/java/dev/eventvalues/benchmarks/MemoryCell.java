package dev.eventvalues.benchmarks;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What the others are measured against, read in one of the two ways that hold no thread. */
final class MemoryCell implements AsyncCell {
    private final MemoryValue<Object> value = new MemoryValue<>();
    private final Executor executor;
    private final boolean futures;
    private final List<AutoCloseable> readers = new ArrayList<>();

    private MemoryCell(Executor executor, boolean futures) {
        this.executor = executor;
        this.futures = futures;
    }

    static MemoryCell onChange(Workers workers) {
        return new MemoryCell(workers.executor(), false);
    }

    static MemoryCell nextAsync(Workers workers) {
        return new MemoryCell(workers.executor(), true);
    }

    @Override
    public void set(Object state) {
        value.set(state);
    }

    @Override
    public void read(Consumer<Object> reader) {
        if (futures) {
            Watcher<Object> watcher = value.watch();
            readers.add(watcher);
            // Else the first state may have come before the reader does, which would then run here.
            executor.execute(() -> follow(watcher, reader));
        } else {
            readers.add(value.onChange(reader, executor));
        }
    }

    private void follow(Watcher<Object> watcher, Consumer<Object> reader) {
        var unused = watcher.nextAsync(executor).thenAccept(state -> {
            reader.accept(state);
            follow(watcher, reader);
        });
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable reader : readers) {
                reader.close();
            }
        } catch (Exception e) {
            throw new AssertionError("neither watchers nor registrations throw", e);
        }
    }
}
