package dev.eventvalues.benchmarks;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One real etcd process, and another one that writes to it. */
final class EtcdServer implements AutoCloseable {
    private static final String WRITER = "dev.eventvalues.benchmarks.etcd.values.Writer";

    private static final long SETTLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final EtcdCluster cluster;
    private final Process writer;
    private final BufferedReader answers;
    private final PrintStream requests;
    private final Set<String> filled = new HashSet<>();

    EtcdServer() throws IOException {
        // As etcd is by default: the testkit's hurry would tell 100,000 watches every second that nothing has happened.
        cluster = EtcdCluster.builder()
                .etcdTimings()
                .flag("--experimental-watch-progress-notify-interval", "10m")
                .start();
        writer = ChildJvm.start(
                EtcdContender.STUB.classPath(),
                WRITER,
                cluster.directEndpoints().get(0));
        answers = writer.inputReader(StandardCharsets.UTF_8);
        requests = new PrintStream(writer.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Where clients reach it; through a proxy only if that is to cut them off. */
    String endpoint(boolean proxied) {
        return (proxied ? cluster.endpoints() : cluster.directEndpoints()).get(0);
    }

    /** Writes keys, unless that was asked for already. */
    void fill(String keys) throws IOException {
        if (filled.add(keys)) {
            write(keys);
        }
    }

    /** Writes keys: a prefix, how many, bytes of each value. */
    void write(String keys) throws IOException {
        requests.println(keys);
        if (answers.readLine() == null) {
            throw new IOException("the writer has ended");
        }
    }

    /** The memory of its process in megabytes, where the system tells. */
    OptionalDouble megabytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(member().pid()), "status");
        if (!Files.isReadable(status)) {
            return OptionalDouble.empty();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6)
                    .findFirst();
        }
    }

    double watches() {
        return member().metric("etcd_debugging_mvcc_watcher_total");
    }

    /** Waits until there are so many, give or take 20 ms. */
    void awaitWatches(int count) throws InterruptedException {
        long began = System.nanoTime();
        while (watches() != count) {
            if (System.nanoTime() - began > SETTLE_NANOS) {
                throw new IllegalStateException(
                        "the server has " + watches() + " watches; expected " + count + " within 2 minutes");
            }
            Thread.sleep(20);
        }
    }

    void cutClients() {
        cluster.cutClients();
    }

    private Member member() {
        return cluster.member(0);
    }

    @Override
    public void close() {
        writer.destroy();
        cluster.close();
    }
}
