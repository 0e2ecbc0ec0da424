package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Extent;
import dev.eventvalues.benchmarks.etcd.PeerProcess;
import dev.eventvalues.benchmarks.etcd.Trials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The JVM of one contender with etcd, and what it says. The lines are described in {@code Referee}. */
final class EtcdClient implements AutoCloseable {
    private final EtcdContender contender;
    private final EtcdServer server;
    private final Told told;
    private final ChildJvm jvm;
    private final TimeLimit limit;

    /** What it measures now. */
    private String now;

    /** Whether it waits for its turn. */
    private boolean waiting;

    /** What contenders say of their rows. */
    interface Told {
        void now(EtcdContender contender, String what);

        void sample(Trials row, int size, EtcdContender contender, String measure, String unit, double sample);
    }

    EtcdClient(
            EtcdContender contender, List<Trials> trials, EtcdServer server, Scale scale, int limitSeconds, Told told)
            throws IOException {
        this.contender = contender;
        this.server = server;
        this.told = told;
        this.now = trials.get(0).rowName();
        List<String> arguments = new ArrayList<>(List.of(
                contender.name(),
                server.endpoint(trials.contains(Trials.CUT)),
                Extent.valueOf(scale.name()).name(),
                String.valueOf(contender.mostWatches(scale))));
        trials.forEach(trial -> arguments.add(trial.name()));
        jvm = ChildJvm.start(contender.classPath(), PeerProcess.class.getName(), arguments.toArray(new String[0]));
        limit = new TimeLimit(limitSeconds, jvm::kill);
    }

    /** Lets it measure until it gives way to others, or has ended. Returns whether it goes on. */
    boolean takeTurn() throws IOException, InterruptedException, Unfinished {
        if (waiting) {
            waiting = false;
            jvm.input().println("done");
        }
        for (String line = jvm.lines().readLine();
                line != null;
                line = jvm.lines().readLine()) {
            if (line.equals("turn")) {
                waiting = true;
                return true;
            }
            answer(line.split(" ", 2)[0], line.substring(line.indexOf(' ') + 1));
        }
        int code = jvm.exitCode();
        if (code != 0) {
            throw limit.unfinished(contender.title() + ": " + now, "its JVM ended with exit code " + code);
        }
        return false;
    }

    private void answer(String verb, String rest) throws IOException, InterruptedException, Unfinished {
        String[] words = rest.split(" ", -1);
        switch (verb) {
            case "now" -> {
                now = String.format(
                        Locale.ROOT, "%s %,d", Trials.valueOf(words[0]).rowName(), Integer.parseInt(words[1]));
                told.now(contender, now);
                return;
            }
            case "figure" -> {
                for (String sample : Arrays.asList(words).subList(4, words.length)) {
                    tell(words, words[3], Double.parseDouble(sample));
                }
                return;
            }
            case "fill" -> server.fill(rest);
            case "write" -> server.write(rest);
            case "memory" -> server.megabytes().ifPresent(megabytes -> tell(words, "MB", megabytes));
            case "watches" -> tell(words, "watches", server.watches());
            case "settle" -> server.awaitWatches(Integer.parseInt(rest), jvm);
            case "cut" -> server.cutClients();
            default -> throw new IOException("not understood: " + verb);
        }
        jvm.input().println("done");
    }

    private void tell(String[] words, String unit, double sample) {
        told.sample(Trials.valueOf(words[0]), Integer.parseInt(words[1]), contender, words[2], unit, sample);
    }

    @Override
    public void close() {
        limit.close();
        jvm.close();
    }
}
