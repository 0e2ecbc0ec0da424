package dev.eventvalues.verification;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Writes what there is into the documentation. */
@Command(name = "show", description = "Write the figures kept so far into docs/reliability.md.")
final class ShowCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Page.show(Sources.root());
        return 0;
    }
}
