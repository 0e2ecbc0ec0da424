package dev.eventvalues.benchmarks;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** One real etcd process, and another one that writes to it. */
final class EtcdServer implements AutoCloseable {
    private static final String WRITER = "dev.eventvalues.benchmarks.etcd.values.Writer";

    /** A million keys take half a minute. */
    private static final int WRITE_SECONDS = 120;

    private final EtcdCluster cluster;
    private final ChildJvm writer;
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
    }

    /** Where clients reach it; through a proxy only if that is to cut them off. */
    String endpoint(boolean proxied) {
        return (proxied ? cluster.endpoints() : cluster.directEndpoints()).get(0);
    }

    /**
     * Writes keys, unless that was asked for already. The server starts again then: otherwise etcd 3.4 would copy the
     * buffer of its last burst of writes, 160 to 210 kB as it happens to have grown, for each watch that is created.
     */
    void fill(String keys) throws IOException, Unfinished {
        if (filled.add(keys)) {
            write(keys);
            member().stop();
            member().start();
        }
    }

    /** Writes keys: a prefix, how many, bytes of each value. */
    void write(String keys) throws IOException, Unfinished {
        try (TimeLimit limit = new TimeLimit(WRITE_SECONDS, writer::kill)) {
            writer.input().println(keys);
            if (writer.lines().readLine() == null) {
                throw limit.unfinished("writing " + keys, "the writer has ended");
            }
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

    /** Waits until there are so many, give or take 20 ms, or the client has ended. */
    void awaitWatches(int count, ChildJvm client) throws InterruptedException {
        while (watches() != count && client.isAlive()) {
            Thread.sleep(20);
        }
    }

    String version() {
        return cluster.binary().version();
    }

    void cutClients() {
        cluster.cutClients();
    }

    private Member member() {
        return cluster.member(0);
    }

    @Override
    public void close() {
        writer.close();
        cluster.close();
    }
}
