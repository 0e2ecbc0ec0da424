package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** The measuring of one row. */
interface RowRun {
    String row();

    /** How often it calls {@link Progress#step}. */
    int steps();

    /** Measures all who take part. Who does not finish has no figure, and {@code progress} is told. */
    void measure(Progress progress, Consumer<Figure> sink) throws IOException, InterruptedException;

    /** The version of the server, once measured, if there was one. */
    default Optional<String> etcd() {
        return Optional.empty();
    }
}
