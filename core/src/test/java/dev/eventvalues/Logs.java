package dev.eventvalues;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this library logs while this is open, in place of the console. */
public final class Logs implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.eventvalues");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Logs() {
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    /**
     * Starts to listen.
     *
     * @return closes to stop
     */
    public static Logs capture() {
        return new Logs();
    }

    /**
     * What was logged so far.
     *
     * @return each entry's text
     */
    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /**
     * What was logged so far.
     *
     * @return each entry's failure, null if it has none
     */
    public List<Throwable> failures() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
